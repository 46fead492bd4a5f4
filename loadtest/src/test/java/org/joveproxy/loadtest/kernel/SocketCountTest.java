package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketCountTest {
    private final Side side = new Side(8000, 8001, Map.of(9000, "backend"));

    @Test
    void countsBySideAndStateAndLeavesListenersOut() {
        SocketCount count = SocketCount.of(
                List.of(
                        new TcpSocket(8000, 0, TcpState.LISTEN, 1),
                        new TcpSocket(8000, 40_000, TcpState.CLOSE_WAIT, 2),
                        new TcpSocket(8000, 40_001, TcpState.ESTABLISHED, 3),
                        new TcpSocket(8001, 40_002, TcpState.ESTABLISHED, 4),
                        new TcpSocket(41_000, 9000, TcpState.ESTABLISHED, 5),
                        new TcpSocket(41_001, 9000, TcpState.FIN_WAIT2, 6),
                        new TcpSocket(41_002, 443, TcpState.ESTABLISHED, 7)),
                side,
                0);

        assertThat(count.total()).isEqualTo(6);
        assertThat(count.on(Side.CLIENT)).isEqualTo(2);
        assertThat(count.on(Side.API)).isEqualTo(1);
        assertThat(count.on("backend")).isEqualTo(2);
        assertThat(count.on("backend", TcpState.FIN_WAIT2)).isEqualTo(1);
        assertThat(count.on(Side.OTHER)).isEqualTo(1);
        assertThat(count.in(TcpState.ESTABLISHED)).isEqualTo(4);
        assertThat(count)
                .hasToString("api ESTABLISHED 1, backend ESTABLISHED 1, backend FIN_WAIT2 1, client ESTABLISHED 1, "
                        + "client CLOSE_WAIT 1, other ESTABLISHED 1");
    }

    @Test
    void aClosedSocketThatADescriptorHoldsCountsToo() {
        SocketCount count = SocketCount.of(List.of(), side, 3);
        assertThat(count.total()).isEqualTo(3);
        assertThat(count).hasToString("closed CLOSE 3");
    }

    @Test
    void nothingIsToldInAWord() {
        assertThat(SocketCount.NONE).hasToString("none");
    }
}
