package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Wire;

/** Open websockets, ended in every way there is. Any thread may call it. */
final class WebsocketCases {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** A closing frame of a client, masked with zeros, and one of a server. */
    private static final byte[] CLIENT_CLOSES = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8};

    private static final byte[] SERVER_CLOSES = {(byte) 0x88, 2, 3, (byte) 0xe8};

    private WebsocketCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("P1", "websocket ends with a proper closing handshake", WebsocketCases::proper),
                LeakCase.of("P2", "client leaves its websocket", ground -> {
                    ground.backend(() -> new OnRequest(wire -> wire.send(Http.SWITCHING)));
                    return number -> Leave.of(number).leave(opened(ground));
                }),
                LeakCase.of("P3", "server leaves a websocket", WebsocketCases::serverLeaves),
                LeakCase.of("P4", "server leaves a websocket, client ignores FIN", WebsocketCases::clientIgnoresFin)
                        .atMost(200)
                        .inParallel(100)
                        .halfClosed(),
                LeakCase.of("P5", "client does not read its websocket, then leaves", ground -> {
                            ground.backend(() -> new OnRequest(wire -> {
                                wire.send(Http.SWITCHING);
                                RecipeCases.pour(wire);
                            }));
                            return number -> {
                                Client client = ground.client();
                                client.stopReading();
                                client.send(Http.UPGRADE);
                                Thread.sleep(300);
                                Leave.of(number).leave(client);
                            };
                        })
                        .growsAtMost(160),
                LeakCase.of(
                                "P6",
                                "server does not read its websocket, then the client leaves",
                                WebsocketCases::deafServer)
                        .halfClosed()
                        .growsAtMost(160),
                LeakCase.of("P7", "client leaves just when its websocket opens", ground -> {
                    ground.backend(() ->
                            new OnRequest(wire -> wire.after(Duration.ofMillis(60), () -> wire.send(Http.SWITCHING))));
                    return number -> {
                        Client client = ground.client();
                        client.send(Http.UPGRADE);
                        Thread.sleep(ground.random(40, 81));
                        Leave.of(number).leave(client);
                    };
                }));
    }

    private static Client opened(Ground ground) throws IOException, InterruptedException {
        Client client = ground.client();
        client.send(Http.UPGRADE);
        ground.claim("the websocket opens", client.awaitStatus(LIMIT) == 101);
        Thread.sleep(20);
        return client;
    }

    private static Attempt proper(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new Script() {
            private boolean isOpen;

            @Override
            public void received(Wire wire, byte[] bytes) {
                if (!isOpen) {
                    isOpen = true;
                    wire.send(Http.SWITCHING);
                } else {
                    wire.send(SERVER_CLOSES);
                    wire.fin();
                }
            }
        });
        return number -> {
            Client client = opened(ground);
            long before = client.received();
            client.send(CLIENT_CLOSES);
            // Every second client leaves at once, as browsers do, so that both ends close at the same time.
            client.awaitTrue(() -> client.received() > before && (number % 2 == 0 || client.isOver()), LIMIT);
            ground.claim("the closing frame arrives", client.received() > before);
            client.close();
        };
    }

    private static Attempt serverLeaves(Ground ground) throws IOException, InterruptedException {
        AtomicLong served = new AtomicLong();
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.SWITCHING);
            Leave ending = Leave.of(served.getAndIncrement());
            wire.after(Duration.ofMillis(100), () -> ending.leave(wire));
        }));
        return number -> {
            Client client = opened(ground);
            ground.claim("the client is let go", client.awaitOver(LIMIT));
            client.close();
        };
    }

    private static Attempt clientIgnoresFin(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.SWITCHING);
            wire.after(Duration.ofMillis(100), wire::close);
        }));
        return number -> ground.close(opened(ground)); // which stays until the sockets have been counted
    }

    private static Attempt deafServer(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.SWITCHING);
            wire.stopReading();
        }));
        return number -> {
            Client client = opened(ground);
            client.sendUpTo(new byte[64 << 10], ClientCases.unread(number), Duration.ofMillis(300));
            Leave.of(number).leave(client);
        };
    }
}
