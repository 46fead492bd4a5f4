package org.joveproxy.loadtest.leaks;

import java.time.Duration;
import java.util.List;
import org.joveproxy.loadtest.stage.Client;

/** Clients of the REST API with bad habits. Any thread may call it. */
final class ApiCases {
    private static final String POST = "POST /api/routes/v HTTP/1.1\r\nHost: x\r\nAuthorization: token <token>\r\n";

    private static final List<String> BEGINNINGS =
            List.of("", "POST /api/routes/v HTTP/1.1\r\nHo", POST + "Content-Length: 1000\r\n\r\n{\"target\": ");

    private static final List<String> GARBAGE = List.of(
            "\0\0\0\0\r\n\r\n",
            "GET /api/routes HTTP/1.1\r\nHost x\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "z".repeat(100_000));

    private ApiCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("U1", "client of the REST API leaves before its request is whole", ground -> number -> {
                            Client client = ground.apiClient();
                            client.send(withToken(BEGINNINGS, number, ground));
                            Thread.sleep(20);
                            Leave.of(number).leave(client);
                        })
                        .onApi(),
                LeakCase.of("U2", "garbage at the REST API", ground -> number -> {
                            Client client = ground.apiClient();
                            client.send(withToken(GARBAGE, number, ground));
                            ground.claim(
                                    "the client is answered or let go within 5 s",
                                    client.awaitTrue(
                                            () -> client.status() >= 400 || client.isOver(), Duration.ofSeconds(5)));
                            client.close();
                        })
                        .onApi());
    }

    private static String withToken(List<String> texts, int number, Ground ground) {
        return texts.get(number % texts.size()).replace("<token>", ground.apiToken());
    }
}
