package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.kernel.ProcessCost;
import org.joveproxy.loadtest.subject.SubjectException;

/**
 * How much memory a websocket takes on which nothing moves, with its connection to the server behind: by how much a proxy has
 * grown when it has many. Each round is with a new process. Immutable.
 */
record IdleWebsockets(String name, int websockets) implements Workload {
    private static final int ROUTES = 100;
    private static final int FIRST = 200;
    private static final int MESSAGE_BYTES = 64;
    private static final int REST_SECONDS = 2;

    @Override
    public String title() {
        return String.format(Locale.ROOT, "%,d idle websockets", websockets);
    }

    @Override
    public String unit() {
        return "bytes of RSS per websocket and its connection to the server";
    }

    @Override
    public void measure(Ground ground) throws IOException, InterruptedException {
        Setup setup = ground.setup(ROUTES, false);
        List<Contender> order = new ArrayList<>(ground.contenders());
        for (int round = 1; round <= ground.pace().rounds(); round++) {
            for (Contender contender : order) {
                int number = round;
                ground.attempt(contender, () -> round(ground, number, contender, setup));
            }
            order.add(order.remove(0));
        }
    }

    private void round(Ground ground, int number, Contender contender, Setup setup)
            throws SubjectException, IOException, InterruptedException, BenchmarkException {
        try (Contender.Started proxy = contender.start(setup, ground.pinning().proxyPrefix())) {
            ground.started(contender.name(), proxy.commandLine());
            Duties.check(proxy, setup);
            // The first ones also pay for what all share.
            try (Load.Session first = new Websockets(FIRST, MESSAGE_BYTES).open(proxy, setup)) {
                first.run(1);
            }
            TimeUnit.SECONDS.sleep(REST_SECONDS);
            long before = ProcessCost.of(proxy.pid()).rssKib();
            try (Websockets.Crowd crowd = new Websockets(websockets, MESSAGE_BYTES).open(proxy, setup)) {
                crowd.once();
                TimeUnit.SECONDS.sleep(REST_SECONDS);
                crowd.check();
                long after = ProcessCost.of(proxy.pid()).rssKib();
                ground.remember(contender.name(), new Memory(before, after));
                ground.add(
                        new Round(name, number, contender.name(), (after - before) * 1024.0 / websockets, null),
                        "bytes");
            }
        }
    }
}
