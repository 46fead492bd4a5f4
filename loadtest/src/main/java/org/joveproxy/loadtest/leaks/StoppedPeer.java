package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.joveproxy.loadtest.subject.Loopback;
import org.joveproxy.loadtest.subject.Ports;

/** A program that is stopped in the middle of what it does. Writes one line when it has come so far. */
final class StoppedPeer {
    private static final int BACKLOG = 50;

    private StoppedPeer() {}

    /** {@code server}: listens and writes its port. {@code clients <port> <n>}: sends n requests and writes how many. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("server")) {
            serve();
        } else {
            ask(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        }
    }

    private static void serve() throws IOException {
        List<Socket> accepted = new ArrayList<>();
        InetSocketAddress address = Loopback.port(Ports.free());
        try (ServerSocket server = new ServerSocket()) {
            server.bind(address, BACKLOG);
            System.out.println(address.getPort());
            while (accepted.size() < 100_000) {
                accepted.add(server.accept());
            }
        }
    }

    private static void ask(int port, int count) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(8192);
            socket.connect(Loopback.port(port));
            socket.getOutputStream().write(Http.bytes(i % 2 == 0 ? Http.GET : Http.UPGRADE));
            sockets.add(socket);
        }
        System.out.println(sockets.size());
        Thread.sleep(600_000);
    }
}
