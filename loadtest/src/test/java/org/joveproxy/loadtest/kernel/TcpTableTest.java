package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.joveproxy.loadtest.subject.Loopback;
import org.junit.jupiter.api.Test;

class TcpTableTest {
    @Test
    void readsALineOfIpv4() {
        assertThat(
                        TcpTable.parse(
                                "   3: 0100007F:1F90 0100007F:C0DE 08 00000000:00000001 00:00000000 00000000  1000        0 4711 1 ffff 20 4 30 10 -1"))
                .isEqualTo(new TcpSocket(8080, 49374, TcpState.CLOSE_WAIT, 4711));
    }

    @Test
    void readsALineOfIpv6() {
        assertThat(
                        TcpTable.parse(
                                "  12: 00000000000000000000000001000000:0050 0000000000000000FFFF00000100007F:0051 06 00000000:00000000 03:00000F5D 00000000     0        0 0 3 ffff"))
                .isEqualTo(new TcpSocket(80, 81, TcpState.TIME_WAIT, 0));
    }

    @Test
    void takesNothingElseForASocket() {
        assertThat(TcpTable.parse("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"))
                .isNull();
        assertThat(TcpTable.parse("")).isNull();
        assertThat(TcpTable.parse("0: x:y x:y 01 0 0 0 0 0 1")).isNull();
        assertThat(TcpTable.parse("0: 0:1 0:2 7F 0:0 0:0 0 0 0 1")).isNull();
    }

    @Test
    void seesTheSocketsOfThisProcess() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(Loopback.port(0));
            try (Socket client = new Socket()) {
                client.connect(Loopback.port(server.getLocalPort()));
                assertThat(TcpTable.of(ProcessHandle.current().pid()))
                        .anyMatch(socket ->
                                socket.localPort() == server.getLocalPort() && socket.state() == TcpState.LISTEN)
                        .anyMatch(socket -> socket.localPort() == client.getLocalPort()
                                && socket.peerPort() == server.getLocalPort()
                                && socket.state() == TcpState.ESTABLISHED
                                && socket.inode() != 0);
            }
        }
    }

    @Test
    void aProcessThatIsGoneHasNone() {
        assertThat(TcpTable.of(Integer.MAX_VALUE)).isEmpty();
    }
}
