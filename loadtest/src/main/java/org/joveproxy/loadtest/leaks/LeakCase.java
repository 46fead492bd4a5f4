package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.joveproxy.loadtest.stage.HubStandIn;

/**
 * One bad habit of a peer, and what the proxy must make of it. Immutable: each method that changes something returns a copy.
 */
final class LeakCase {
    private static final Duration PROMPT = Duration.ofSeconds(3);
    private static final Duration HALF_CLOSED = Duration.ofSeconds(12);

    private final String id;
    private final String title;
    private final Scene scene;
    // Written only while a copy is made.
    private int maxAttempts = Integer.MAX_VALUE;
    private int crowd = 1;
    private int parallel;
    private int idlePerClient;
    private Consumer<HubStandIn> hubsMood = hub -> {};
    private boolean hubIsWell = true;
    private boolean onApi;
    private Duration settle = PROMPT;
    private int maxGrowthMib;
    private List<String> flags = List.of();
    private boolean fresh;
    private boolean tls;
    private boolean takesLong;
    private boolean needsNamespace;

    /** Sets the servers and routes of a case, and says what each client does. */
    @FunctionalInterface
    interface Scene {
        Attempt set(Ground ground) throws IOException, InterruptedException;
    }

    private LeakCase(String id, String title, Scene scene) {
        this.id = id;
        this.title = title;
        this.scene = scene;
    }

    /**
     * A case with the usual terms: as many attempts as the command line says, and all sockets back within three seconds.
     *
     * @param id as in {@code --cases}
     * @param title says what the peer does
     */
    static LeakCase of(String id, String title, Scene scene) {
        return new LeakCase(id, title, scene);
    }

    private LeakCase copy() {
        LeakCase copy = new LeakCase(id, title, scene);
        copy.maxAttempts = maxAttempts;
        copy.crowd = crowd;
        copy.parallel = parallel;
        copy.idlePerClient = idlePerClient;
        copy.hubsMood = hubsMood;
        copy.hubIsWell = hubIsWell;
        copy.onApi = onApi;
        copy.settle = settle;
        copy.maxGrowthMib = maxGrowthMib;
        copy.flags = flags;
        copy.fresh = fresh;
        copy.tls = tls;
        copy.takesLong = takesLong;
        copy.needsNamespace = needsNamespace;
        return copy;
    }

    /** With no more attempts than this unless there is time for the long cases too, because each takes long. */
    LeakCase atMost(int attempts) {
        LeakCase copy = copy();
        copy.maxAttempts = attempts;
        return copy;
    }

    /** With so many clients in each attempt. */
    LeakCase inCrowdsOf(int clients) {
        LeakCase copy = copy();
        copy.crowd = clients;
        return copy;
    }

    /** With so many attempts at the same time, whatever the command line says. */
    LeakCase inParallel(int clients) {
        LeakCase copy = copy();
        copy.parallel = clients;
        return copy;
    }

    /** The servers answer properly, so that as many connections as were in use at a time may be kept for later. */
    LeakCase mayKeepIdle() {
        return mayKeepIdle(1);
    }

    /** As {@link #mayKeepIdle()}, where each client asks so many things at a time. */
    LeakCase mayKeepIdle(int requestsPerClient) {
        LeakCase copy = copy();
        copy.idlePerClient = requestsPerClient;
        return copy;
    }

    /** The hub takes requests and never answers, with a proxy that has no page of it yet. */
    LeakCase whileHubHangs() {
        return whileHub(hub -> hub.hangs(true));
    }

    /** The hub breaks off its answers, with a proxy that has no page of it yet. */
    LeakCase whileHubBreaksOff() {
        return whileHub(hub -> hub.breaksOff(true));
    }

    private LeakCase whileHub(Consumer<HubStandIn> mood) {
        LeakCase copy = onFreshProxy();
        copy.hubsMood = mood;
        copy.hubIsWell = false;
        return copy;
    }

    /** The clients are the REST API's. */
    LeakCase onApi() {
        LeakCase copy = copy();
        copy.onApi = true;
        return copy;
    }

    /** One side stays open after the other has gone, which a proxy may allow for ten seconds. */
    LeakCase halfClosed() {
        return within(HALF_CLOSED);
    }

    LeakCase within(Duration limit) {
        LeakCase copy = copy();
        copy.settle = limit;
        return copy;
    }

    /** The proxy's memory in RAM may grow by no more than {@code mib} MiB meanwhile. */
    LeakCase growsAtMost(int mib) {
        LeakCase copy = copy();
        copy.maxGrowthMib = mib;
        return copy;
    }

    /** With a proxy of its own, which gets these flags. */
    LeakCase withFlags(String... more) {
        LeakCase copy = onFreshProxy();
        copy.flags = List.of(more);
        return copy;
    }

    /** With a proxy that has not seen any other case. */
    private LeakCase onFreshProxy() {
        LeakCase copy = copy();
        copy.fresh = true;
        return copy;
    }

    /** With a proxy whose clients speak TLS. */
    LeakCase overTls() {
        LeakCase copy = copy();
        copy.tls = true;
        return copy;
    }

    /** Takes minutes: only with {@code --long}. */
    LeakCase onlyLong() {
        LeakCase copy = copy();
        copy.takesLong = true;
        return copy;
    }

    /** Loses packets, which only a network namespace of our own allows. */
    LeakCase inNamespace() {
        LeakCase copy = copy();
        copy.needsNamespace = true;
        return copy;
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    Attempt set(Ground ground) throws IOException, InterruptedException {
        return scene.set(ground);
    }

    /** The attempts for so many clients. */
    int attempts(int clients, boolean withLong) {
        int attempts = (clients + crowd - 1) / crowd;
        return withLong ? attempts : Math.min(attempts, maxAttempts);
    }

    int parallel(int usual) {
        return parallel == 0 ? usual : parallel;
    }

    /** Upstream connections that may be kept for later for each client at a time. */
    int idlePerClient() {
        return idlePerClient;
    }

    /** Puts {@code hub} into the state of this case. */
    void setMood(HubStandIn hub) {
        hubsMood.accept(hub);
    }

    boolean isHubWell() {
        return hubIsWell;
    }

    boolean isOnApi() {
        return onApi;
    }

    Duration settle() {
        return settle;
    }

    /** In MiB; 0 for no bound. */
    int maxGrowthMib() {
        return maxGrowthMib;
    }

    List<String> flags() {
        return flags;
    }

    boolean isFresh() {
        return fresh;
    }

    boolean isTls() {
        return tls;
    }

    boolean takesLong() {
        return takesLong;
    }

    boolean needsNamespace() {
        return needsNamespace;
    }

    @Override
    public String toString() {
        return id + ": " + title;
    }
}
