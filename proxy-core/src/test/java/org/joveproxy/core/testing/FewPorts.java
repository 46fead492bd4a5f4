package org.joveproxy.core.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.joveproxy.core.ReverseProxy;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.MemoryStore;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;

/**
 * A program that opens websockets through a proxy on a machine that has few local ports, and prints how they were
 * answered. It is run in a network namespace of its own. Clients come over a unix socket, so that all local ports are the
 * proxy's.
 */
public final class FewPorts {
    private static final int FIRST_PORT = 9_000;

    private final Path socket;

    private FewPorts(Path socket) {
        this.socket = socket;
    }

    /** Plays each of the three cases, and prints one line a case. */
    public static void main(String[] words) throws Exception {
        FewPorts few = new FewPorts(Path.of(words[0]));
        few.play("plain", List.of(), 1, 20, 0);
        few.play("taken", List.of(), 1, 14, 10);
        few.play("sources", List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.3")), 2, 30, 0);
    }

    /**
     * Opens websockets through a proxy.
     *
     * @param taken sockets to the first target that another program has opened before
     */
    private void play(String name, List<InetAddress> sources, int targets, int websocketsEach, int taken)
            throws Exception {
        UpstreamConfig upstream = new UpstreamConfig(1_000, 1, 1, 1, sources, null);
        EventLoops loops = EventLoops.start(Transport.best(), 1);
        RouteTable routes = new RouteTable();
        ReverseProxy proxy = ReverseProxy.bind(
                ProxyUnderTest.publicAddress(
                        ProxyUnderTest.timeouts(
                                ProxyUnderTest.upstream(ProxyUnderTest.defaults(), upstream),
                                new Timeouts().connect(500).config()),
                        ListenAddress.unix(socket)),
                new ReverseProxy.Parts(
                        loops,
                        routes,
                        new MemoryStore(routes),
                        new ConnectionLedger(),
                        ProxyObserver.none(),
                        null,
                        ProxyUnderTest.withoutTls()));
        proxy.startAccepting();
        List<AutoCloseable> open = new ArrayList<>();
        Map<String, Integer> answers = new TreeMap<>();
        for (int target = 0; target < targets; target++) {
            int port = FIRST_PORT + target;
            StubUpstream stub = new StubUpstream(port, FewPorts::switchProtocols);
            open.add(stub);
            routes.put(Route.of("/" + port, Target.parse(stub.url()), 0));
            for (int i = 0; i < taken; i++) {
                open.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            for (int i = 0; i < websocketsEach; i++) {
                RawClient client = connect();
                open.add(client);
                answers.merge(answer(client, port), 1, Integer::sum);
            }
        }
        System.out.println(name + ": " + answers + ", breakers " + proxy.openBreakers() + ", first of all "
                + proxy.upstreamsInUse(1));
        for (AutoCloseable each : open) {
            each.close();
        }
        proxy.close();
        loops.close();
    }

    private RawClient connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new RawClient(channel);
    }

    private static String answer(RawClient client, int port) throws IOException {
        client.send("GET /" + port + "/ HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        String head = client.readHead();
        boolean isToldToRetry = head.toLowerCase(Locale.ROOT).contains("retry-after: 1");
        return head.substring(9, 12) + (isToldToRetry ? "+" : "");
    }

    private static void switchProtocols(RawClient connection, StubUpstream self) throws IOException {
        connection.readHead();
        connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        connection.readToEnd();
    }
}
