package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.kernel.Side;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.HubStandIn;
import org.joveproxy.loadtest.subject.LogCount;

/** Plays one case with one proxy and counts what is left. Confined to the thread that runs the scenario. */
final class CaseRun {
    private static final Duration CALM = Duration.ofSeconds(2);
    private static final int MAX_KINDS = 5;

    /** What this program itself keeps open to the REST API, and may have opened since the case began. */
    private static final int OWN_API_CONNECTIONS = 2;

    private final Act act;
    private final HubStandIn hub;
    private final Running proxy;
    private final LeakCase leakCase;
    private final int attempts;
    private final int parallel;
    private final Duration limit;

    /** @param limit for all attempts together; what is not begun by then is left out */
    CaseRun(Act act, HubStandIn hub, Running proxy, LeakCase leakCase, int attempts, int parallel, Duration limit) {
        this.act = act;
        this.hub = hub;
        this.proxy = proxy;
        this.leakCase = leakCase;
        this.attempts = attempts;
        this.parallel = Math.min(parallel, attempts);
        this.limit = limit;
    }

    CaseResult play() throws IOException, InterruptedException {
        Map<String, Integer> idle = idle();
        try (Ground ground = new Ground(act.stage(), proxy, hub, act.isolation(), attempts)) {
            leakCase.setMood(hub);
            Attempt attempt = leakCase.set(ground);
            Sample before = calm();
            LogCount loggedBefore = proxy.subject().log().count();
            Map<String, Integer> kindsBefore = proxy.subject().log().kinds();
            AtomicInteger unconnected = new AtomicInteger();
            int done = performAll(attempt, unconnected);
            long gone = System.nanoTime();
            Sample settled = proxy.watcher()
                    .await(
                            sample -> CaseResult.left(before.sockets(), sample.sockets(), idle)
                                    .isEmpty(),
                            leakCase.settle());
            double settleSeconds = (System.nanoTime() - gone) / 1e9;
            return new CaseResult(
                    leakCase,
                    done,
                    idle,
                    before,
                    settled,
                    settleSeconds,
                    peakRssMib(before),
                    proxy.subject().log().count().since(loggedBefore),
                    proxy.subject().log().kindsSince(kindsBefore, MAX_KINDS),
                    proxy.subject().isAlive(),
                    unconnected.get(),
                    serves(ground),
                    ground.checks(leakCase.id()));
        }
    }

    /** How many connections may be kept for later on each side. */
    private Map<String, Integer> idle() {
        Map<String, Integer> idle = new HashMap<>();
        idle.put(Ground.BACKEND, parallel * leakCase.idlePerClient());
        idle.put(HubStandIn.NAME, leakCase.isHubWell() ? parallel : 0);
        if (leakCase.isOnApi()) {
            idle.put(Side.API, OWN_API_CONNECTIONS);
        }
        return idle;
    }

    /** The proxy once two looks have shown the same number of sockets, or after two seconds. */
    private Sample calm() {
        Sample[] last = {proxy.watcher().look()};
        return proxy.watcher()
                .await(
                        sample -> {
                            boolean same = sample.sockets().equals(last[0].sockets());
                            last[0] = sample;
                            return same;
                        },
                        CALM);
    }

    private int performAll(Attempt attempt, AtomicInteger unconnected) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        AtomicInteger done = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(parallel);
        for (int i = 0; i < attempts; i++) {
            int number = i;
            clients.execute(() -> {
                if (System.nanoTime() < deadline && proxy.subject().isAlive()) {
                    perform(attempt, number, unconnected);
                    done.incrementAndGet();
                }
            });
        }
        clients.shutdown();
        if (!clients.awaitTermination(limit.toSeconds() + 60, TimeUnit.SECONDS)) {
            clients.shutdownNow();
        }
        return done.get();
    }

    private static void perform(Attempt attempt, int number, AtomicInteger unconnected) {
        try {
            attempt.perform(number);
        } catch (IOException e) {
            unconnected.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double peakRssMib(Sample before) {
        return proxy.watcher().samples().stream()
                .filter(sample -> sample.seconds() >= before.seconds())
                .mapToDouble(Sample::rssMib)
                .max()
                .orElse(0);
    }

    /** Whether the proxy answers a proper request, by whatever status. */
    private boolean serves(Ground ground) throws InterruptedException {
        try {
            String request = "GET /well HTTP/1.1\r\nHost: hub.example.org\r\nConnection: close\r\n\r\n";
            ground.makeHubWell();
            if (leakCase.isTls()) {
                try (TlsClient client = new TlsClient(proxy.port())) {
                    client.send(request);
                    return client.read(12).equals("HTTP/1.1 200");
                }
            }
            try (Client client = ground.client()) {
                client.send(request);
                return client.awaitStatus(Duration.ofSeconds(5)) == 200;
            }
        } catch (IOException e) {
            return false;
        }
    }
}
