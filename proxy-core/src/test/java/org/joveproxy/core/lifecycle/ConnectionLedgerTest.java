package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ConnectionLedgerTest {
    private final ConnectionLedger book = new ConnectionLedger();
    private final EventLoopGroup loops = Transport.NIO.newEventLoops(2, "test");

    @AfterEach
    void endLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void open(Role role, int count) {
        for (int i = 0; i < count; i++) {
            EventLoop loop = loops.next();
            NioSocketChannel socket = new NioSocketChannel();
            loop.register(socket).syncUninterruptibly();
            loop.submit(() -> book.open(socket, role, Phase.IDLE)).syncUninterruptibly();
        }
    }

    @RepeatedTest(20)
    void whoeverHasClosedAllFindsThemSettled() {
        open(Role.API, 10);

        book.closeAll(loops, Set.of(Role.API), CloseReason.SHUTDOWN, Duration.ofSeconds(10));

        assertThat(book.openCount(Role.API)).isZero();
        assertThat(book.closedCount(CloseReason.SHUTDOWN)).isEqualTo(10);
    }

    @Test
    void closingOneRoleLeavesTheOthersAlone() {
        open(Role.API, 2);
        open(Role.METRICS, 3);

        book.closeAll(loops, Set.of(Role.API), CloseReason.SHUTDOWN, Duration.ofSeconds(10));

        assertThat(book.openCount(Role.API)).isZero();
        assertThat(book.openCount(Role.METRICS)).isEqualTo(3);
    }

    @Test
    void everyLoopTellsOfItsSockets() {
        open(Role.API, 7);

        LedgerSurvey survey = book.survey(LedgerQuery.list(ConnectionFilter.all(), 100), Duration.ofSeconds(30))
                .join();

        assertThat(survey.missing()).isEmpty();
        assertThat(survey.connections()).extracting(ConnectionView::id).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(survey.totals().open(Role.API, Phase.IDLE)).isEqualTo(7);
        assertThat(book.totals().open(Role.API, Phase.IDLE)).isEqualTo(7);
    }

    @Test
    void aLoopThatDoesNotAnswerIsNamed() {
        open(Role.API, 4);
        EventLoop stuck = loops.next();
        CountDownLatch release = new CountDownLatch(1);
        String thread = stuck.submit(() -> Thread.currentThread().getName())
                .syncUninterruptibly()
                .getNow();
        stuck.execute(() -> awaitUninterruptibly(release));

        LedgerSurvey survey = book.survey(LedgerQuery.list(ConnectionFilter.all(), 100), Duration.ofSeconds(3))
                .join();
        release.countDown();

        assertThat(survey.missing()).containsExactly(thread);
        assertThat(survey.connections()).hasSize(2);
        assertThat(survey.totals().opened(Role.API)).isEqualTo(2);
    }

    @Test
    void aLoopThatHasEndedIsNamed() {
        open(Role.API, 2);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();

        LedgerSurvey survey = book.survey(LedgerQuery.list(ConnectionFilter.all(), 100), Duration.ofMillis(50))
                .join();

        assertThat(survey.missing()).hasSize(2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
