package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.Set;
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
}
