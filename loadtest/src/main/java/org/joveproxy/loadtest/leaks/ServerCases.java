package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Wire;

/** Servers that end their connections, by FIN and by RST in turn, at every point of an exchange. Any thread may call it. */
final class ServerCases {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private ServerCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("N1", "server ends the connection as soon as it is open", ground -> {
                    AtomicLong served = new AtomicLong();
                    ground.backend(() -> new Script() {
                        @Override
                        public void opened(Wire wire) {
                            Leave.of(served.getAndIncrement()).leave(wire);
                        }
                    });
                    return getAnd(ground, "the client is answered", client -> client.status() >= 500);
                }),
                LeakCase.of("N2", "server ends the connection at the request", ground -> {
                    ending(ground, "");
                    return getAnd(ground, "the client is answered", client -> client.status() >= 500);
                }),
                LeakCase.of("N3", "server ends the connection in the middle of a head", ground -> {
                    ending(ground, "HTTP/1.1 200 OK\r\nContent-Le");
                    return getAnd(ground, "the client is answered", client -> client.status() >= 500);
                }),
                LeakCase.of("N4", "server ends the connection in the middle of a chunk", ground -> {
                            ending(ground, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf");
                            return getAnd(
                                    ground,
                                    "the client is told that its answer broke off",
                                    client -> client.isOver() && !client.text().endsWith("0\r\n\r\n"));
                        })
                        .atMost(300),
                LeakCase.of("N5", "server ends the connection after its answer", ground -> {
                    ending(ground, Http.OK);
                    return getAnd(ground, "the answer is 200", client -> client.status() == 200);
                }),
                LeakCase.of("N6", "server answers an upload before its end and leaves", ServerCases::early),
                LeakCase.of("N7", "nobody listens where the route leads", ground -> {
                    ground.nobody();
                    return getAnd(ground, "the answer is 503", client -> client.status() == 503);
                }));
    }

    /** A server that sends {@code answer} and ends the connection. */
    private static void ending(Ground ground, String answer) throws IOException, InterruptedException {
        AtomicLong served = new AtomicLong();
        ground.backend(() -> new OnRequest(wire -> {
            if (!answer.isEmpty()) {
                wire.send(answer);
            }
            Leave ending = Leave.of(served.getAndIncrement());
            // Long enough for the answer to be read: an RST takes away what is not.
            wire.after(Duration.ofMillis(answer.isEmpty() ? 0 : 50), () -> ending.leave(wire));
        }));
    }

    /** Each client asks, waits until it is answered or let go, makes its claim and leaves. */
    static Attempt getAnd(Ground ground, String claim, Predicate<Client> isTrue) {
        return askAnd(ground, client -> client.send(Http.GET), claim, isTrue);
    }

    static Attempt askAnd(Ground ground, Consumer<Client> ask, String claim, Predicate<Client> isTrue) {
        return number -> {
            Client client = ground.client();
            ask.accept(client);
            client.awaitTrue(() -> isTrue.test(client), LIMIT);
            ground.claim(claim, isTrue.test(client));
            client.close();
        };
    }

    private static Attempt early(Ground ground) throws IOException, InterruptedException {
        AtomicLong served = new AtomicLong();
        ground.backend(() -> new OnRequest(wire -> {
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
            Leave ending = Leave.of(served.getAndIncrement());
            wire.after(Duration.ofMillis(20), () -> ending.leave(wire));
        }));
        return number -> {
            Client client = ground.client();
            client.send(Http.put(1 << 20));
            client.sendUpTo(new byte[16 << 10], 1 << 19, Duration.ofMillis(100));
            client.awaitStatus(LIMIT);
            Leave.of(number).leave(client);
        };
    }
}
