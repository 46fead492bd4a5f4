package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.joveproxy.loadtest.stage.Client;

/** Bytes that are no HTTP, from either side. The client stays, so that letting go is the proxy's task. Any thread may call it. */
final class GarbageCases {
    private static final List<String> REQUESTS = List.of(
            "\0\0\0\0\0\0\0\0\r\n\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 a TLS client at a plain port\r\n\r\n",
            "GET\r\n\r\n",
            "GET /u/x HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET /u/x HTTP/1.1\r\nHost x\r\n\r\n",
            "GET /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: eleven\r\n\r\n",
            "GET /u/x HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(100_000) + "\r\n\r\n",
            "z".repeat(100_000),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static final List<String> CHUNKS = List.of(
            "zz\r\nabc\r\n",
            "-1\r\n\r\n",
            "ffffffffffffffffff\r\nabc",
            "5\r\nabcdefgh\r\n",
            "3;" + "x".repeat(100_000));

    private static final List<String> ANSWERS = List.of(
            "\0\0\0\0\0\0\0\0\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "HTTP/1.1 abc\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: eleven\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(300_000) + "\r\n\r\n",
            "z".repeat(300_000));

    private GarbageCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("O1", "garbage instead of a request", ground -> {
                    ground.backend(RecipeCases::silent);
                    return letGo(ground, number -> pick(REQUESTS, number));
                }),
                LeakCase.of("O2", "garbage instead of an answer", ground -> {
                    AtomicLong served = new AtomicLong();
                    ground.backend(() -> new OnRequest(wire -> wire.send(pick(ANSWERS, served.getAndIncrement()))));
                    return ServerCases.getAnd(
                            ground,
                            "the client is answered or let go",
                            client -> client.status() != 0 || client.isOver());
                }),
                LeakCase.of("O3", "bad sizes of chunks from the client", ground -> {
                    ground.backend(RecipeCases::silent);
                    return letGo(
                            ground,
                            number -> "POST /u/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + pick(CHUNKS, number));
                }),
                LeakCase.of("O4", "bad sizes of chunks from the server", ground -> {
                    AtomicLong served = new AtomicLong();
                    ground.backend(() ->
                            new OnRequest(wire -> wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + pick(CHUNKS, served.getAndIncrement()))));
                    return ServerCases.getAnd(
                            ground,
                            "the client is told that its answer broke off",
                            client -> client.status() >= 500 || client.isOver());
                }),
                LeakCase.of("O5", "garbage from both sides of a websocket, then one leaves", GarbageCases::websocket));
    }

    private static String pick(List<String> texts, long number) {
        return texts.get((int) (number % texts.size()));
    }

    private static Attempt letGo(Ground ground, LongFunction<String> garbage) {
        return number -> {
            Client client = ground.client();
            client.send(garbage.apply(number));
            ground.claim(
                    "the client is answered or let go within 5 s",
                    client.awaitTrue(() -> client.status() >= 400 || client.isOver(), Duration.ofSeconds(5)));
            client.close();
        };
    }

    private static Attempt websocket(Ground ground) throws IOException, InterruptedException {
        AtomicLong served = new AtomicLong();
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.SWITCHING);
            wire.send(ground.randomBytes(5000));
            if (served.getAndIncrement() % 4 >= 2) {
                Leave ending = Leave.of(served.get());
                wire.after(Duration.ofMillis(60), () -> ending.leave(wire));
            }
        }));
        return number -> {
            Client client = ground.client();
            client.send(Http.UPGRADE);
            client.awaitStatus(Duration.ofSeconds(5));
            client.send(ground.randomBytes(5000));
            Thread.sleep(100);
            Leave.of(number).leave(client);
        };
    }
}
