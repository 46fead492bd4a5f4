package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.joveproxy.loadtest.stage.Client;

/** Clients of a TLS port that do not end as TLS wants it. Any thread may call it. */
final class TlsCases {
    /** The beginning of a ClientHello of TLS 1.2; 508 more bytes are promised. */
    private static final byte[] HALF_A_HELLO = {
        0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    };

    private TlsCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("S1", "client leaves in the middle of the TLS handshake", ground -> number -> {
                            Client client = ground.client();
                            client.send(HALF_A_HELLO);
                            Thread.sleep(50);
                            Leave.of(number).leave(client);
                        })
                        .overTls(),
                LeakCase.of("S2", "client leaves without TLS's goodbye while a silent server is waited for", ground -> {
                            ground.backend(RecipeCases::silent);
                            return leaveAfter(ground, Http.GET);
                        })
                        .overTls(),
                LeakCase.of("S3", "client leaves its websocket without TLS's goodbye", ground -> {
                            ground.backend(() -> new OnRequest(wire -> wire.send(Http.SWITCHING)));
                            return leaveAfter(ground, Http.UPGRADE);
                        })
                        .overTls(),
                LeakCase.of("S4", "garbage in the middle of TLS", TlsCases::garbage)
                        .overTls(),
                LeakCase.of("S5", "plain HTTP at a TLS port", ground -> number -> {
                            Client client = ground.client();
                            client.send(Http.GET);
                            ground.claim("the client is let go", client.awaitOver(Duration.ofSeconds(5)));
                            client.close();
                        })
                        .overTls());
    }

    private static Attempt leaveAfter(Ground ground, String request) {
        return number -> {
            TlsClient client = new TlsClient(ground.proxy().port());
            client.send(request);
            Thread.sleep(50);
            if (Leave.of(number) == Leave.FIN) {
                client.close();
            } else {
                client.reset();
            }
        };
    }

    private static Attempt garbage(Ground ground) throws IOException, InterruptedException {
        ground.backend(RecipeCases::silent);
        return number -> {
            try (TlsClient client = new TlsClient(ground.proxy().port())) {
                client.send(Http.GET);
                client.sendRaw(ground.randomBytes(200));
                Thread.sleep(50);
            }
        };
    }
}
