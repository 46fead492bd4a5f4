package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Isolation;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.HubStandIn;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Server;
import org.joveproxy.loadtest.stage.Stage;

/**
 * What a case has to work with: the proxy, the servers that it opens and that are closed after it, and a book of what it
 * claims about the proxy. Any thread may call any method; this object's monitor guards what is gathered.
 */
final class Ground implements AutoCloseable {
    /** Name under which the proxy's sockets to the server behind the route are counted. */
    static final String BACKEND = "backend";

    /** The route that a case's clients ask for. */
    static final String ROUTE = "/u";

    private final Stage stage;
    private final Running proxy;
    private final HubStandIn hub;
    private final Isolation isolation;
    private final int attempts;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, int[]> claims = new LinkedHashMap<>();
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    /** @param attempts how many clients there will be */
    Ground(Stage stage, Running proxy, HubStandIn hub, Isolation isolation, int attempts) {
        this.stage = stage;
        this.proxy = proxy;
        this.hub = hub;
        this.isolation = isolation;
        this.attempts = attempts;
    }

    /** A server that plays {@code script}, with the route to it. */
    Server backend(Supplier<? extends Script> script) throws IOException, InterruptedException {
        Server server = stage.raw(BACKEND, script);
        close(server);
        route(server.url());
        return server;
    }

    /** A route to a port where nobody listens. */
    void nobody() throws IOException, InterruptedException {
        route("http://127.0.0.1:" + stage.nobody(BACKEND));
    }

    void route(String url) throws IOException, InterruptedException {
        proxy.routes().add(ROUTE, url);
        close(() -> proxy.routes().delete(ROUTE));
    }

    String apiToken() {
        return proxy.subject().token();
    }

    Client apiClient() throws IOException {
        return stage.connect(proxy.subject().apiPort());
    }

    Client client() throws IOException {
        return stage.connect(proxy.port());
    }

    Stage stage() {
        return stage;
    }

    Running proxy() {
        return proxy;
    }

    void makeHubWell() {
        hub.hangs(false);
        hub.breaksOff(false);
    }

    Isolation isolation() {
        return isolation;
    }

    int attempts() {
        return attempts;
    }

    /** A number from {@code from} to {@code to} - 1. */
    synchronized int random(int from, int to) {
        return random.nextInt(from, to);
    }

    synchronized byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Closes {@code resource} after the case. */
    synchronized void close(AutoCloseable resource) {
        opened.add(resource);
    }

    /** Notes one observation of something that the proxy must always do. */
    synchronized void claim(String what, boolean isTrue) {
        int[] counts = claims.computeIfAbsent(what, key -> new int[2]);
        counts[0]++;
        if (!isTrue) {
            counts[1]++;
        }
    }

    /** A check for each claim. */
    synchronized List<Check> checks(String id) {
        List<Check> checks = new ArrayList<>();
        claims.forEach((what, counts) -> checks.add(Check.of(
                id + ": " + what,
                "always",
                counts[1] == 0 ? "all of " + counts[0] : "not in " + counts[1] + " of " + counts[0],
                counts[1] == 0)));
        return checks;
    }

    /** Takes away servers and route, and lets the hub be itself again. */
    @Override
    public void close() {
        List<AutoCloseable> last;
        synchronized (this) {
            last = new ArrayList<>(opened);
            opened.clear();
        }
        makeHubWell();
        for (AutoCloseable resource : last) {
            try {
                resource.close();
            } catch (Exception e) {
                if (proxy.subject().isAlive()) {
                    System.err.println("after a case: " + e);
                }
            }
        }
    }
}
