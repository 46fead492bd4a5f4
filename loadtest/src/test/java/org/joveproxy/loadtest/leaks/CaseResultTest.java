package org.joveproxy.loadtest.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.kernel.SocketCount;
import org.joveproxy.loadtest.kernel.TcpState;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.subject.LogCount;
import org.junit.jupiter.api.Test;

class CaseResultTest {
    private static final Map<String, Integer> NO_IDLE = Map.of();

    private static SocketCount sockets(String side, TcpState state, int count) {
        return new SocketCount(Map.of(side, Map.of(state, count)));
    }

    @Test
    void nothingIsLeftWhenTheNumberIsTheOneBefore() {
        SocketCount three = sockets("backend", TcpState.ESTABLISHED, 3);
        assertThat(CaseResult.left(three, three, NO_IDLE)).isEmpty();
        assertThat(CaseResult.left(three, SocketCount.NONE, NO_IDLE)).isEmpty();
    }

    @Test
    void oneSocketMoreIsALeak() {
        assertThat(CaseResult.left(SocketCount.NONE, sockets("client", TcpState.CLOSE_WAIT, 1), NO_IDLE))
                .isEqualTo(Map.of("client", 1));
    }

    @Test
    void openConnectionsMayBeKeptForLaterUpToTheirNumber() {
        Map<String, Integer> idle = Map.of("backend", 20);
        assertThat(CaseResult.left(SocketCount.NONE, sockets("backend", TcpState.ESTABLISHED, 20), idle))
                .isEmpty();
        assertThat(CaseResult.left(SocketCount.NONE, sockets("backend", TcpState.ESTABLISHED, 21), idle))
                .isEqualTo(Map.of("backend", 21));
    }

    @Test
    void aHalfClosedConnectionIsNeverKeptForLater() {
        assertThat(CaseResult.left(SocketCount.NONE, sockets("backend", TcpState.FIN_WAIT2, 1), Map.of("backend", 20)))
                .isEqualTo(Map.of("backend", 1));
    }

    @Test
    void theToolsOwnConnectionsToTheApiDoNotCount() {
        assertThat(CaseResult.left(SocketCount.NONE, sockets("api", TcpState.ESTABLISHED, 9), NO_IDLE))
                .isEmpty();
    }

    @Test
    void inACaseOfTheApiTheyDo() {
        assertThat(CaseResult.left(SocketCount.NONE, sockets("api", TcpState.ESTABLISHED, 9), Map.of("api", 2)))
                .isEqualTo(Map.of("api", 9));
    }

    @Test
    void fewerSocketsOnOneSideDoNotMakeUpForMoreOnAnother() {
        assertThat(CaseResult.left(
                        sockets("hub", TcpState.ESTABLISHED, 9), sockets("client", TcpState.CLOSE_WAIT, 9), NO_IDLE))
                .isEqualTo(Map.of("client", 9));
    }

    @Test
    void whatIsLeftIsToldForEachAttempt() {
        SocketCount left = new SocketCount(
                Map.of("client", Map.of(TcpState.CLOSE_WAIT, 100), "backend", Map.of(TcpState.ESTABLISHED, 100)));
        CaseResult result = new CaseResult(
                LeakCase.of("D", "client leaves", ground -> number -> {}),
                100,
                NO_IDLE,
                sample(SocketCount.NONE),
                sample(left),
                3,
                50,
                new LogCount(0, 0, 0, 0, 0),
                List.of(),
                true,
                0,
                true,
                List.of());

        Check check = result.socketCheck();
        assertThat(check.status()).isEqualTo(Check.Status.BROKEN);
        assertThat(check.name()).isEqualTo("D: client leaves: sockets");
        assertThat(check.bound()).isEqualTo("back to the number before within 3 s");
        assertThat(check.value())
                .isEqualTo("100 backend and 100 client left, 2.00 per attempt: backend ESTABLISHED 100, "
                        + "client CLOSE_WAIT 100");
        assertThat(result.growthMib()).isEqualTo(40);
        assertThat(result.row()).hasSameSizeAs(CaseResult.columns());
    }

    private static Sample sample(SocketCount sockets) {
        return new Sample(0, 10_240, 1, 5, 9, 30, sockets, 2, SocketCount.NONE);
    }
}
