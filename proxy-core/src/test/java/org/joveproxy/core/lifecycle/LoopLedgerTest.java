package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopLedgerTest {
    private final ConnectionLedger book = new ConnectionLedger();
    private final LoopLedger ledger = new LoopLedger(book);
    private long time = ledger.now();

    /** Lets the time pass in steps of one tick, as the event loop does. */
    private void pass(long millis) {
        for (long left = millis; left > 0; left -= 100) {
            stand(Math.min(left, 100));
        }
    }

    /** Lets the time pass while the loop does nothing. */
    private void stand(long millis) {
        time += TimeUnit.MILLISECONDS.toNanos(millis);
        ledger.tick(time, 1_000);
    }

    private LedgerEntry open() {
        return ledger.open(new EmbeddedChannel(), Role.CLIENT, Phase.IDLE);
    }

    private static boolean isOpen(LedgerEntry entry) {
        return entry.channel().isOpen();
    }

    @Test
    void aSocketIsClosedWhenItsTimeIsOverAndNotBefore() {
        LedgerEntry entry = open();
        entry.enter(Phase.IDLE, Duration.ofSeconds(1));

        pass(1_000);
        assertThat(isOpen(entry)).isTrue();
        pass(200);

        assertThat(isOpen(entry)).isFalse();
        assertThat(book.closedCount(CloseReason.DEADLINE)).isEqualTo(1);
        assertThat(book.openCount()).isZero();
    }

    @Test
    void aSignOfLifeBeginsTheTimeAnew() {
        LedgerEntry entry = open();
        entry.enter(Phase.IDLE, Duration.ofSeconds(1));

        for (int i = 0; i < 10; i++) {
            pass(900);
            entry.renewDeadline();
        }

        assertThat(isOpen(entry)).isTrue();
        pass(1_200);
        assertThat(isOpen(entry)).isFalse();
    }

    @Test
    void aPhaseWithoutLimitHasNone() {
        LedgerEntry entry = open();
        entry.enter(Phase.REQUEST_HEAD, Duration.ofSeconds(1));

        entry.enter(Phase.TUNNEL, null);
        pass(3_600_000);

        assertThat(isOpen(entry)).isTrue();
    }

    @Test
    void theNextPhaseHasItsOwnTime() {
        LedgerEntry entry = open();
        entry.enter(Phase.REQUEST_HEAD, Duration.ofSeconds(1));
        pass(900);

        entry.enter(Phase.RELAYING, Duration.ofSeconds(5));
        pass(4_900);

        assertThat(isOpen(entry)).isTrue();
        assertThat(entry.phase()).isEqualTo(Phase.RELAYING);
    }

    @Test
    void eachOfManyEndsInItsOwnTime() {
        List<LedgerEntry> entries = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            LedgerEntry entry = open();
            entry.enter(Phase.IDLE, Duration.ofSeconds(i));
            entries.add(entry);
        }

        for (int i = 1; i <= 20; i++) {
            pass(i == 1 ? 1_200 : 1_000);
            assertThat(entries.stream().filter(LoopLedgerTest::isOpen)).hasSize(20 - i);
        }
    }

    @Test
    void theTimeThatTheLoopStandsStillCountsAgainstNobody() {
        LedgerEntry entry = open();
        entry.enter(Phase.IDLE, Duration.ofSeconds(1));

        stand(60_000);
        assertThat(isOpen(entry)).isTrue();

        pass(1_200);
        assertThat(isOpen(entry)).isFalse();
    }

    @Test
    void theListenerIsToldOnceAndMayGiveMoreTime() {
        AtomicInteger told = new AtomicInteger();
        LedgerEntry entry = open();
        entry.onExpiry((expired, phase) -> {
            told.incrementAndGet();
            expired.enter(Phase.LINGERING, Duration.ofSeconds(1));
        });
        entry.enter(Phase.IDLE, Duration.ofSeconds(1));

        pass(1_200);
        assertThat(told).hasValue(1);
        pass(1_200);
        assertThat(told).hasValue(2);
    }

    @Test
    void aPhaseThatBeginsWhileAnotherSocketsEndsHasItsWholeTime() {
        LedgerEntry client = open();
        LedgerEntry upstream = open();
        client.enter(Phase.ACQUIRING, Duration.ofSeconds(1));
        upstream.enter(Phase.CONNECTING, Duration.ofSeconds(1));
        upstream.onExpiry((expired, phase) -> {
            expired.close(CloseReason.DEADLINE);
            client.enter(Phase.IDLE, Duration.ofSeconds(5));
        });

        pass(1_200);
        assertThat(isOpen(upstream)).isFalse();
        assertThat(isOpen(client)).isTrue();

        pass(5_200);
        assertThat(isOpen(client)).isFalse();
    }

    @Test
    void aListenerThatFailsClosesItsOwnSocketOnly() {
        LedgerEntry failing = open();
        failing.onExpiry((expired, phase) -> {
            throw new IllegalStateException("a bug");
        });
        LedgerEntry other = open();
        failing.enter(Phase.IDLE, Duration.ofSeconds(1));
        other.enter(Phase.IDLE, Duration.ofSeconds(1));

        pass(1_200);

        assertThat(isOpen(failing)).isFalse();
        assertThat(isOpen(other)).isFalse();
        assertThat(book.closedCount(CloseReason.OUR_BUG)).isEqualTo(1);
        assertThat(book.closedCount(CloseReason.DEADLINE)).isEqualTo(1);
    }

    @Test
    void aRegularTaskThatFailsRunsAgain() {
        AtomicInteger runs = new AtomicInteger();
        ledger.onTick(() -> {
            runs.incrementAndGet();
            throw new IllegalStateException("a bug");
        });

        pass(300);

        assertThat(runs).hasValue(3);
    }

    @Test
    void theFirstReasonCounts() {
        LedgerEntry entry = open();

        entry.closingBecause(CloseReason.PROTOCOL_ERROR);
        entry.close(CloseReason.DEADLINE);

        assertThat(book.closedCount(CloseReason.PROTOCOL_ERROR)).isEqualTo(1);
        assertThat(book.closedCount(CloseReason.DEADLINE)).isZero();
    }

    @Test
    void whatNobodyExplainsWasThePeersDoing() {
        LedgerEntry entry = open();

        entry.channel().close();

        assertThat(book.closedCount(CloseReason.PEER)).isEqualTo(1);
    }

    @Test
    void closingTwiceCountsOnce() {
        LedgerEntry entry = open();

        entry.close(CloseReason.COMPLETE);
        entry.close(CloseReason.PEER);

        assertThat(book.openedCount(Role.CLIENT)).isEqualTo(1);
        assertThat(book.closedCount(Role.CLIENT)).isEqualTo(1);
        assertThat(book.openCount()).isZero();
    }

    @Test
    void theListOfTheOpenIsRightWhicheverCloses() {
        List<LedgerEntry> entries = new ArrayList<>(List.of(open(), open(), open(), open()));

        for (int index : new int[] {1, 2, 0, 0}) {
            entries.remove(index).close(CloseReason.COMPLETE);
            assertThat(ledger.entries()).containsExactlyInAnyOrderElementsOf(entries);
        }
    }

    @Test
    void theWallClockIsTheLastTicks() {
        stand(100);

        assertThat(ledger.epochMillis()).isEqualTo(1_000);
    }

    private long lags(long millis) {
        int bucket = Arrays.binarySearch(LoopLag.boundsInNanos(), TimeUnit.MILLISECONDS.toNanos(millis));
        return book.lag().counts()[bucket];
    }

    @Test
    void aLoopThatComesInTimeIsNotLate() {
        pass(1_000);

        assertThat(lags(1)).isEqualTo(10);
    }

    /** The loop runs the turns that it has missed one right after the other: each stands for a moment of silence. */
    @Test
    void aLoopThatStoodStillWasLateAtEachMomentThatItMissed() {
        stand(100 + 240);
        stand(0);
        stand(0);
        stand(60);

        assertThat(List.of(lags(250), lags(100), lags(50), lags(1))).containsExactly(2L, 0L, 1L, 1L);
        assertThat(book.lag().sumNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(240 + 140 + 40));
    }
}
