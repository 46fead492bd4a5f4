package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakersTest {
    private static final Origin DEAD = new Origin(Scheme.HTTP, "127.0.0.1", 1);
    private static final Origin OTHER = new Origin(Scheme.HTTP, "127.0.0.1", 2);
    private static final Failure REFUSED = new Failure(FailureKind.CONNECT_REFUSED, "refused");

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private Breakers breakers(int allowed) {
        return new Breakers(allowed, time::get, new Breakers.Listener() {
            @Override
            public void opened(Origin origin) {
                heard.add("opened " + origin);
            }

            @Override
            public void closed(Origin origin) {
                heard.add("closed " + origin);
            }
        });
    }

    private static void fail(Breakers breakers, int times) {
        for (int i = 0; i < times; i++) {
            breakers.failed(DEAD, REFUSED);
        }
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    @Test
    void asManyFailuresInARowAsAreAllowedOpenIt() {
        Breakers breakers = breakers(3);

        assertThat(breakers.failed(DEAD, REFUSED)).isFalse();
        assertThat(breakers.failed(DEAD, REFUSED)).isFalse();
        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(breakers.failed(DEAD, REFUSED)).isTrue();

        assertThat(breakers.isOpen(DEAD)).isTrue();
        assertThat(breakers.mayConnect(DEAD)).isFalse();
        assertThat(breakers.openCount()).isOne();
        assertThat(heard).containsExactly("opened " + DEAD);
    }

    @Test
    void anotherUpstreamIsNotConcerned() {
        Breakers breakers = breakers(1);

        fail(breakers, 1);

        assertThat(breakers.mayConnect(OTHER)).isTrue();
        assertThat(breakers.size()).isOne();
    }

    @Test
    void aConnectionInBetweenBeginsTheRowAnew() {
        Breakers breakers = breakers(3);

        for (int i = 0; i < 10; i++) {
            fail(breakers, 2);
            breakers.connected(DEAD);
        }

        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(breakers.size()).isZero();
        assertThat(heard).isEmpty();
    }

    @Test
    void oneIsTheProbeOfEachSecond() {
        Breakers breakers = breakers(1);
        fail(breakers, 1);

        pass(Duration.ofMillis(999));
        assertThat(breakers.mayConnect(DEAD)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(breakers.mayConnect(DEAD)).isFalse();
        breakers.failed(DEAD, REFUSED);
        pass(Duration.ofMillis(999));
        assertThat(breakers.mayConnect(DEAD)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(breakers.mayConnect(DEAD)).isTrue();
    }

    @Test
    void aProbeThatNeverEndsKeepsNobodyFromTheNext() {
        Breakers breakers = breakers(1);
        fail(breakers, 1);
        int probes = 0;

        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(100));
            probes += breakers.mayConnect(DEAD) ? 1 : 0;
        }

        assertThat(probes).isEqualTo(10);
    }

    @Test
    void failuresOfAttemptsThatWereUnderWayDoNotPutTheProbeOff() {
        Breakers breakers = breakers(1);
        fail(breakers, 1);
        pass(Duration.ofMillis(900));

        fail(breakers, 5);
        pass(Duration.ofMillis(100));

        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(heard).containsExactly("opened " + DEAD);
    }

    @Test
    void theFirstConnectionClosesIt() {
        Breakers breakers = breakers(1);
        fail(breakers, 1);

        breakers.connected(DEAD);

        assertThat(breakers.isOpen(DEAD)).isFalse();
        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(breakers.size()).isZero();
        assertThat(heard).containsExactly("opened " + DEAD, "closed " + DEAD);
    }

    @Test
    void aResetClosesIt() {
        Breakers breakers = breakers(1);
        fail(breakers, 1);

        breakers.reset(DEAD);

        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(heard).containsExactly("opened " + DEAD, "closed " + DEAD);
    }

    @Test
    void zeroNeverOpens() {
        Breakers breakers = breakers(0);

        fail(breakers, 100);

        assertThat(breakers.mayConnect(DEAD)).isTrue();
        assertThat(breakers.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"CONNECT_REFUSED", "CONNECT_TIMEOUT", "UNKNOWN_HOST", "TLS_FAILED", "UPSTREAM_CLOSED"})
    void whatTheUpstreamIsToBlameForCounts(FailureKind kind) {
        Breakers breakers = breakers(1);

        assertThat(breakers.failed(DEAD, Failure.of(kind))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"NO_LOCAL_PORT", "NO_DESCRIPTOR", "UPSTREAM_BUSY", "BREAKER_OPEN", "OUR_BUG"})
    void whatThisMachineIsOutOfDoesNotCount(FailureKind kind) {
        Breakers breakers = breakers(1);

        assertThat(breakers.failed(DEAD, Failure.of(kind))).isFalse();
        assertThat(breakers.size()).isZero();
    }

    @Test
    void whatIsNotTriedForAMinuteIsForgotten() {
        Breakers breakers = breakers(2);
        fail(breakers, 2);
        breakers.failed(OTHER, REFUSED);

        pass(Duration.ofSeconds(60));
        breakers.forgetTheOld();
        assertThat(breakers.size()).isEqualTo(2);
        breakers.failed(OTHER, REFUSED);
        pass(Duration.ofMillis(1));
        breakers.forgetTheOld();

        assertThat(breakers.isOpen(DEAD)).isFalse();
        assertThat(breakers.isOpen(OTHER)).isTrue();
        assertThat(heard).containsExactly("opened " + DEAD, "opened " + OTHER, "closed " + DEAD);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void ofManyThreadsOneOpensItAndOneIsTheProbe(int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int round = 0; round < 2_000; round++) {
            Breakers breakers = breakers(threads);
            int opened = count(pool, threads, () -> breakers.failed(DEAD, REFUSED));
            pass(Duration.ofSeconds(1));
            int probes = count(pool, threads, () -> breakers.mayConnect(DEAD));

            assertThat(opened).isOne();
            assertThat(probes).isOne();
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static int count(ExecutorService pool, int threads, Callable<Boolean> claim) throws Exception {
        List<Callable<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            claims.add(claim);
        }
        int successes = 0;
        for (Future<Boolean> done : pool.invokeAll(claims)) {
            successes += done.get() ? 1 : 0;
        }
        return successes;
    }
}
