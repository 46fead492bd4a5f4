package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Wire;

/** Clients that leave, by FIN and by RST in turn, at every point of an exchange. Any thread may call it. */
final class ClientCases {
    private static final int PIECE = 64 << 10;
    private static final Duration MOMENT = Duration.ofMillis(300);

    private ClientCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("M1", "client leaves without a word", ground -> number -> {
                    Client client = ground.client();
                    Thread.sleep(ground.random(0, 20));
                    Leave.of(number).leave(client);
                }),
                LeakCase.of("M2", "client leaves in the middle of a head", ground -> number -> {
                    Client client = ground.client();
                    client.send(Http.GET.substring(0, ground.random(1, Http.GET.length() - 1)));
                    Thread.sleep(50);
                    Leave.of(number).leave(client);
                }),
                LeakCase.of("M3", "client leaves in the middle of an upload", ground -> {
                    ground.backend(RecipeCases::silent);
                    return number -> upload(ground, number, 200_000);
                }),
                LeakCase.of("M4", "client leaves an upload that the server does not read", ground -> {
                            ground.backend(Deaf::new);
                            return number -> upload(ground, number, unread(number));
                        })
                        .growsAtMost(160),
                LeakCase.of("M5", "client leaves in the middle of a download", ground -> {
                    ground.backend(ClientCases::endless);
                    return number -> {
                        Client client = ground.client();
                        client.send(Http.GET);
                        ground.claim("the download begins", client.awaitStatus(Duration.ofSeconds(5)) == 200);
                        Thread.sleep(20);
                        Leave.of(number).leave(client);
                    };
                }),
                LeakCase.of("M6", "client does not read its download, then leaves", ground -> {
                            ground.backend(ClientCases::endless);
                            return number -> {
                                Client client = ground.client();
                                client.stopReading();
                                client.send(Http.GET);
                                Thread.sleep(MOMENT.toMillis());
                                Leave.of(number).leave(client);
                            };
                        })
                        .growsAtMost(160),
                LeakCase.of("M7", "client sends FIN behind its request and waits", ClientCases::halfClosed)
                        .mayKeepIdle(),
                LeakCase.of("M8", "client stays silent after its answer", ClientCases::idle)
                        .mayKeepIdle()
                        .atMost(200)
                        .inParallel(100),
                LeakCase.of("M9", "client sends ten requests at once and leaves", ground -> {
                            ground.backend(() ->
                                    new OnRequest(wire -> wire.after(Duration.ofMillis(30), () -> wire.send(Http.OK))));
                            return number -> {
                                Client client = ground.client();
                                client.send(Http.GET.repeat(10));
                                Thread.sleep(ground.random(1, 200));
                                Leave.of(number).leave(client);
                            };
                        })
                        .mayKeepIdle(10));
    }

    /**
     * How much to send where nobody reads. A FIN arrives only behind all bytes before it, and no proxy can see one that stands
     * behind more than it takes; an RST it always can.
     */
    static int unread(long number) {
        return Leave.of(number) == Leave.RST ? 16 << 20 : PIECE;
    }

    private static void upload(Ground ground, long number, int bytes) throws IOException, InterruptedException {
        Client client = ground.client();
        client.send(Http.put(64L << 20));
        client.sendUpTo(new byte[PIECE], bytes, MOMENT);
        Leave.of(number).leave(client);
    }

    /** A server that answers with more than anybody reads. */
    static Script endless() {
        return new OnRequest(wire -> {
            wire.send(Http.answer(1L << 40));
            RecipeCases.pour(wire);
        });
    }

    private static Attempt halfClosed(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> wire.after(Duration.ofMillis(100), () -> wire.send(Http.OK))));
        return number -> {
            Client client = ground.client();
            client.send(Http.GET);
            client.fin();
            ground.claim("the proxy ends the connection within 5 s", client.awaitOver(Duration.ofSeconds(5)));
            client.close();
        };
    }

    private static Attempt idle(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> wire.send(Http.OK)));
        return number -> {
            Client client = ground.client();
            client.send(Http.GET);
            client.awaitStatus(Duration.ofSeconds(5));
            ground.claim("an unused connection is closed within 12 s", client.awaitOver(Duration.ofSeconds(12)));
            client.close();
        };
    }

    /** A server that takes nothing from the kernel: its window closes. */
    static final class Deaf implements Script {
        @Override
        public void opened(Wire wire) {
            wire.stopReading();
        }
    }
}
