package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.util.List;
import org.joveproxy.loadtest.stage.ChildProcess;
import org.joveproxy.loadtest.stage.Client;

/** Peers whose process is stopped: the kernel goes on for them, and nobody is at home. Any thread may call it. */
final class StoppedCases {
    private static final int CROWD = 200;

    private StoppedCases() {}

    static List<LeakCase> all() {
        return List.of(
                LeakCase.of("R1", "client leaves while a stopped server process is waited for", StoppedCases::server),
                LeakCase.of("R2", "client process is stopped in its downloads, then killed", StoppedCases::clients)
                        .inCrowdsOf(CROWD)
                        .growsAtMost(160));
    }

    private static Attempt server(Ground ground) throws IOException, InterruptedException {
        ChildProcess child = ChildProcess.start(StoppedPeer.class, "server");
        ground.close(child);
        int port = Integer.parseInt(child.line());
        ground.stage().knows(Ground.BACKEND, port);
        ground.route("http://127.0.0.1:" + port);
        child.suspend();
        return number -> {
            Client client = ground.client();
            client.send(number % 4 < 2 ? Http.GET : Http.UPGRADE);
            Thread.sleep(100);
            Leave.of(number).leave(client);
        };
    }

    private static Attempt clients(Ground ground) throws IOException, InterruptedException {
        ground.backend(ClientCases::endless);
        return number -> {
            ChildProcess child = ChildProcess.start(
                    StoppedPeer.class,
                    "clients",
                    Integer.toString(ground.proxy().port()),
                    Integer.toString(CROWD));
            try (child) {
                child.line();
                child.suspend();
                Thread.sleep(2000);
            }
        };
    }
}
