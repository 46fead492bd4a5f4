package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionFilter;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.LedgerQuery;
import org.joveproxy.core.lifecycle.LedgerSurvey;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.threading.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsTextTest {
    private final ConnectionLedger ledger = new ConnectionLedger();
    private final EventLoopGroup loops = Transport.NIO.newEventLoops(1, "test");

    @AfterEach
    void endLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private LedgerEntry open(Role role, Phase phase) {
        EventLoop loop = loops.next();
        NioSocketChannel socket = new NioSocketChannel();
        loop.register(socket).syncUninterruptibly();
        return loop.submit(() -> ledger.open(socket, role, phase))
                .syncUninterruptibly()
                .getNow();
    }

    private void onLoop(Runnable work) {
        loops.next().submit(work).syncUninterruptibly();
    }

    private String summary() {
        LedgerSurvey survey = ledger.survey(LedgerQuery.count(ConnectionFilter.all()), Duration.ofSeconds(30))
                .join();
        return ConnectionsText.write(survey, Instant.ofEpochMilli(ApiUnderTest.START));
    }

    @Test
    void columnsAreAligned() {
        LedgerEntry client = open(Role.CLIENT, Phase.TUNNEL);
        LedgerEntry upstream = open(Role.UPSTREAM, Phase.TUNNEL);
        LedgerEntry gone = open(Role.CLIENT, Phase.IDLE);
        onLoop(() -> {
            client.carries(Purpose.WEBSOCKET, "/user/ada");
            upstream.leadsTo("http://127.0.0.1:9001");
            client.pairWith(upstream);
            gone.close(CloseReason.DEADLINE);
        });

        String text = summary().replaceAll("\\d\\.\\ds", "0.0s");

        assertThat(text).isEqualTo("""
                        sockets at 2026-11-22T01:51:16.219Z

                        role      opened  = closed  + open  received  sent
                        client         2         1       1       0 B   0 B
                        upstream       1         0       1       0 B   0 B
                        all            3         1       2

                        closed by: deadline 1

                        role      phase   sockets  oldest  received  sent
                        client    tunnel        1    0.0s       0 B   0 B
                        upstream  tunnel        1    0.0s       0 B   0 B
                        all                     2

                        sockets  route
                              2  /user/ada

                        sockets  target
                              2  http://127.0.0.1:9001
                        """);
    }

    @Test
    void onlyTheTopOfManyRoutesIsShown() {
        for (int i = 0; i < 13; i++) {
            LedgerEntry entry = open(Role.CLIENT, Phase.IDLE);
            int number = i;
            onLoop(() -> entry.carries(Purpose.REQUEST, "/user/" + (number < 2 ? "ada" : "u" + number)));
        }

        assertThat(summary())
                .contains("sockets  route\n      2  /user/ada\n      1  /user/u10\n")
                .contains("and 2 more");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0s",
        "9999, 9.9s",
        "10000, 10s",
        "59999, 59s",
        "60000, 1m00s",
        "3599000, 59m59s",
        "3600000, 1h00m",
        "86399000, 23h59m",
        "86400000, 1d00h",
        "864000000, 10d00h"
    })
    void durationsHaveTwoUnitsAtMost(long millis, String text) {
        assertThat(ConnectionsText.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "10240, 10 KiB",
        "1048575, 1023 KiB",
        "1572864, 1.5 MiB",
        "5368709120, 5.0 GiB",
        "9223372036854775807, 8192 PiB"
    })
    void bytesAreInTheLargestUnit(long bytes, String text) {
        assertThat(ConnectionsText.bytes(bytes)).isEqualTo(text);
    }
}
