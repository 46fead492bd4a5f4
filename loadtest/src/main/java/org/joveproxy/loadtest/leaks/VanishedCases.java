package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Server;
import org.joveproxy.loadtest.stage.Wire;

/** Peers whose packets no longer arrive: a lid that was closed, a node that burned. Any thread may call it. */
final class VanishedCases {
    private static final int SERVER = 77;
    private static final int CLIENT = 78;
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(3);

    private VanishedCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("T1", "server vanishes, then the client leaves", VanishedCases::server)
                        .inNamespace(),
                LeakCase.of("T2", "client vanishes in the middle of a download", ground -> {
                            ground.backend(new Downloads()::next);
                            return vanishing(ground, Http.GET);
                        })
                        .inNamespace()
                        .onlyLong()
                        .inParallel(1)
                        .within(KEEP_ALIVE),
                LeakCase.of("T3", "client vanishes from a quiet websocket", ground -> {
                            ground.backend(() -> new OnRequest(wire -> wire.send(Http.SWITCHING)));
                            return vanishing(ground, Http.UPGRADE);
                        })
                        .inNamespace()
                        .onlyLong()
                        .inParallel(1)
                        .within(KEEP_ALIVE));
    }

    private static Attempt server(Ground ground) throws IOException, InterruptedException {
        Server server = ground.stage().raw(Ground.BACKEND, SERVER, RecipeCases::silent);
        ground.close(server);
        ground.route(server.url());
        // The first half of the clients is connected through; to the second half the server never answers at all.
        int vanishAt = ground.attempts() / 2;
        ground.close(() -> ground.isolation().passAgain(address(SERVER)));
        return number -> {
            Client client = ground.client();
            client.send(number % 2 == 0 ? Http.GET : Http.UPGRADE);
            Thread.sleep(50);
            if (number == vanishAt) {
                ground.isolation().drop(address(SERVER));
            }
            Thread.sleep(50);
            client.close();
        };
    }

    /** Clients that open something and are gone when the last of them has; the stage closes them after the case. */
    private static Attempt vanishing(Ground ground, String request) {
        int last = ground.attempts() - 1;
        return number -> {
            Client client = ground.stage().connect(ground.proxy().port(), CLIENT);
            client.send(request);
            client.awaitStatus(Duration.ofSeconds(5));
            ground.close(client);
            if (number == last) {
                ground.close(() -> ground.isolation().passAgain(address(CLIENT)));
                ground.isolation().drop(address(CLIENT));
            }
        };
    }

    /** The first few at full speed, which fill every buffer, and the rest at leisure: all stay open to the end. */
    private static final class Downloads {
        private static final int FAST = 20;
        private static final byte[] PIECE = new byte[1000];

        private final AtomicInteger begun = new AtomicInteger();

        Script next() {
            return begun.getAndIncrement() < FAST
                    ? ClientCases.endless()
                    : new OnRequest(wire -> {
                        wire.send(Http.answer(1L << 40));
                        trickle(wire);
                    });
        }

        private static void trickle(Wire wire) {
            if (wire.isWritable()) {
                wire.send(PIECE);
            }
            wire.after(Duration.ofMillis(500), () -> trickle(wire));
        }
    }

    private static String address(int last) {
        return "127.0.0." + last;
    }
}
