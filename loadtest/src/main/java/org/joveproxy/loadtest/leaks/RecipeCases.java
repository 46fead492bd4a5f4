package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Wire;

/** The leaks by which configurable-http-proxy is known, of its versions from 4.2 to 5.3. Any thread may call it. */
final class RecipeCases {
    private static final byte[] PIECE = new byte[64 << 10];

    private RecipeCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("A", "client leaves while a silent server is waited for", ground -> {
                    ground.backend(RecipeCases::silent);
                    return leaveAfter(ground, Http.GET, 100);
                }),
                LeakCase.of("B", "upgrade to a dead server, the hub has a page for it", ground -> {
                    ground.nobody();
                    return leaveAfter(ground, Http.UPGRADE, 150);
                }),
                LeakCase.of("C", "upgrade refused with an ordinary answer", RecipeCases::refusedUpgrade)
                        .mayKeepIdle(),
                LeakCase.of("D", "client leaves while its upgrade waits for a silent server", ground -> {
                    ground.backend(RecipeCases::silent);
                    return leaveAfter(ground, Http.UPGRADE, 100);
                }),
                LeakCase.of(
                                "D2",
                                "upgrade to a silent server, client stays, time-outs of 1 s",
                                RecipeCases::silentUpgrade)
                        .withFlags("--timeout=1000", "--proxy-timeout=1000")
                        .atMost(100)
                        .inParallel(100),
                LeakCase.of(
                                "E",
                                "101 comes after the client has left, server ignores FIN and goes on sending",
                                ground -> {
                                    ground.backend(RecipeCases::lateSwitching);
                                    return leaveAfter(ground, Http.UPGRADE, 100);
                                })
                        .halfClosed(),
                LeakCase.of("F", "client leaves a websocket whose server ignores FIN", ground -> {
                            ground.backend(() -> OnRequest.ignoringFin(wire -> wire.send(Http.SWITCHING)));
                            return leaveAfter(ground, Http.UPGRADE, 100);
                        })
                        .halfClosed(),
                LeakCase.of("G", "client leaves while the hung hub is asked for a page", ground -> {
                            ground.nobody();
                            return leaveAfter(ground, Http.GET, 150);
                        })
                        .whileHubHangs(),
                LeakCase.of("G2", "the hub breaks off its page", ground -> {
                            ground.nobody();
                            return ServerCases.getAnd(ground, "the answer is 503", client -> client.status() == 503);
                        })
                        .whileHubBreaksOff(),
                LeakCase.of("H", "upgrade refused just when the client leaves, half of them by RST", ground -> {
                            ground.backend(() -> new OnRequest(
                                    wire -> wire.after(Duration.ofMillis(60), () -> wire.send(Http.FORBIDDEN))));
                            return number -> {
                                Client client = ground.client();
                                client.send(Http.UPGRADE);
                                Thread.sleep(ground.random(40, 81));
                                Leave.of(number).leave(client);
                            };
                        })
                        .mayKeepIdle(),
                LeakCase.of("I", "server breaks off in the middle of its answer", RecipeCases::truncated)
                        .atMost(300),
                LeakCase.of("J", "server closes a connection that it said it would keep", RecipeCases::keepAliveRace)
                        .mayKeepIdle()
                        .atMost(600)
                        .inParallel(1),
                LeakCase.of("K", "upload of 4,000 bytes, ten a second", RecipeCases::slowUpload)
                        .mayKeepIdle()
                        .inParallel(1000)
                        .onlyLong(),
                LeakCase.of("L", "upgrade answered with 300 MB that the client does not read", RecipeCases::slowReader)
                        .atMost(4)
                        .growsAtMost(64));
    }

    /** A server that takes what comes and never answers. */
    static Script silent() {
        return new Script() {};
    }

    /** Each client sends {@code request}, waits and closes. */
    static Attempt leaveAfter(Ground ground, String request, int millis) {
        return number -> {
            Client client = ground.client();
            client.send(request);
            Thread.sleep(millis);
            client.close();
        };
    }

    private static Attempt refusedUpgrade(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> wire.send(Http.FORBIDDEN)));
        return number -> {
            Client client = ground.client();
            client.send(Http.UPGRADE);
            Thread.sleep(150);
            // On a busy machine a little longer, before it is called a silence.
            ground.claim("the client is told 403", client.awaitStatus(Duration.ofSeconds(2)) == 403);
            client.close();
        };
    }

    private static Attempt silentUpgrade(Ground ground) throws IOException, InterruptedException {
        ground.backend(RecipeCases::silent);
        return number -> {
            Client client = ground.client();
            client.send(Http.UPGRADE);
            ground.claim("the client is let go within 8 s", client.awaitOver(Duration.ofSeconds(8)));
            client.close();
        };
    }

    private static Script lateSwitching() {
        return OnRequest.ignoringFin(wire -> wire.after(Duration.ofMillis(600), () -> {
            wire.send(Http.SWITCHING);
            chatter(wire);
        }));
    }

    private static void chatter(Wire wire) {
        wire.send(new byte[100]);
        wire.after(Duration.ofMillis(300), () -> chatter(wire));
    }

    private static Attempt truncated(Ground ground) throws IOException, InterruptedException {
        AtomicLong served = new AtomicLong();
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.answer(1_000_000) + "x".repeat(1000));
            Leave ending = Leave.of(served.getAndIncrement());
            wire.after(Duration.ofMillis(100), () -> ending.leave(wire));
        }));
        return number -> {
            Client client = ground.client();
            client.send(Http.GET);
            ground.claim("the client is told that its answer broke off", client.awaitOver(Duration.ofSeconds(3)));
            client.close();
        };
    }

    private static Attempt keepAliveRace(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.OK);
            wire.after(Duration.ofMillis(5), wire::close);
        }));
        return number -> {
            Client client = ground.client();
            client.send(Http.GET);
            ground.claim("the answer is 200", client.awaitStatus(Duration.ofSeconds(5)) == 200);
            client.close();
            Thread.sleep(ground.random(3, 8));
        };
    }

    private static Attempt slowUpload(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnUpload(4000, wire -> wire.send(Http.OK)));
        return number -> {
            Client client = ground.client();
            client.send(Http.put(4000));
            for (int sent = 0; sent < 4000 && !client.isOver(); sent += 10) {
                client.send(new byte[10]);
                Thread.sleep(1000);
            }
            ground.claim("the upload is answered 200", client.awaitStatus(Duration.ofSeconds(60)) == 200);
            client.close();
        };
    }

    private static Attempt slowReader(Ground ground) throws IOException, InterruptedException {
        ground.backend(() -> new OnRequest(wire -> {
            wire.send(Http.answer(300_000_000));
            pour(wire);
        }));
        return number -> {
            Client client = ground.client();
            client.stopReading();
            client.send(Http.UPGRADE);
            Thread.sleep(3000);
            client.close();
        };
    }

    /** Sends as much as the proxy takes. */
    static void pour(Wire wire) {
        if (wire.isWritable()) {
            wire.send(PIECE);
            wire.after(Duration.ZERO, () -> pour(wire));
        } else {
            wire.after(Duration.ofMillis(20), () -> pour(wire));
        }
    }
}
