package org.joveproxy.store.shared;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.SecondLook;
import org.joveproxy.core.routing.StoreStatus;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.ReplicaListing;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;

/**
 * Routes in a Redis or Valkey that several proxies share. Each of them holds the whole table in memory; a change goes to
 * the store first and comes into force when the store tells of it, in the same order everywhere. It is reported as done
 * when it is in force on every live replica.
 *
 * <p>Any thread may call any method; only {@link #close} and {@link #awaitRoutes} block.
 */
public final class SharedStore implements RouteStore, ReplicaListing {
    private static final String KIND = "redis";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration OTHERS_LIMIT = Duration.ofSeconds(5);
    private static final long CLOSE_LIMIT_MILLIS = 1000;

    private final SharedConfig config;
    private final Keys keys;
    private final String id = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final long startedMillis;
    private final LocalTable table;
    private final RedisClients clients;
    private final Acknowledgements acknowledgements;
    private final Follower follower;
    private final StoreLooks looks;
    private final Thread thread;
    private volatile PublicPort port = new PublicPort(0, false);

    /**
     * A store that changes {@code routes}, and does nothing before {@link #start}.
     *
     * @param defaultTarget of the command line's route for the root, which is in force and stays this replica's own; or null
     * @param clock the time in milliseconds since 1970
     */
    public SharedStore(
            SharedConfig config,
            RouteTable routes,
            @Nullable Target defaultTarget,
            ProxyObserver observer,
            LongSupplier clock) {
        this.config = config;
        this.keys = Keys.of(config.prefix());
        this.startedMillis = clock.getAsLong();
        this.table = new LocalTable(routes, defaultTarget, clock);
        this.clients = new RedisClients(config.address(), config.password(), config.sentinelPassword());
        this.acknowledgements = new Acknowledgements(id, OTHERS_LIMIT, observer::replicasLate);
        this.follower = new Follower(
                keys, id, clients, table, new SharedActivity(routes, id, clock), acknowledgements, this::self);
        this.looks = new StoreLooks(follower, table, observer::lookedAgain, System::nanoTime);
        this.thread = new Thread(follower, "jove-store");
        thread.setDaemon(true);
    }

    /** Where clients of this replica connect to. */
    private record PublicPort(int number, boolean isTls) {}

    /**
     * Connects to the store, and again whenever it has to be.
     *
     * @param publicPort where this replica serves its clients; 0 when that is no port
     */
    public void start(int publicPort, boolean isTls) {
        port = new PublicPort(publicPort, isTls);
        thread.start();
    }

    /** Waits until the routes are here, or it is clear that this will take a while. */
    public void awaitRoutes(Duration limit) {
        try {
            var unused = follower.awaitFirstOutcome(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Replica self(Session session) {
        PublicPort at = port;
        String place = config.replicaAddress();
        String host = session.localHost();
        if (place == null && host != null && at.number() > 0) {
            place = new StoreAddress.Host(host, at.number()).toString();
        }
        String url = place == null ? null : (at.isTls() ? "https://" : "http://") + place;
        return new Replica(id, config.version(), url, startedMillis, 0, follower.applied());
    }

    // ---- changes ----

    @Override
    public CompletableFuture<Void> put(Route route) {
        List<String> arguments = List.of(
                follower.epoch(),
                route.path(),
                RouteJson.writeData(route),
                Long.toString(route.activity().lastMillis()),
                id,
                Change.newToken(),
                until());
        return change(Scripts.PUT, arguments, kept -> awaitOthers(kept));
    }

    @Override
    public CompletableFuture<Boolean> remove(String path) {
        List<String> arguments = List.of(
                follower.epoch(),
                RoutePath.clean(path),
                id,
                Change.newToken(),
                table.hasDefault() ? "1" : "0",
                until());
        return change(
                Scripts.REMOVE,
                arguments,
                kept -> kept.seq() == 0
                        ? CompletableFuture.completedFuture(false)
                        : awaitOthers(kept).thenApply(done -> true));
    }

    /** What the store answers to a change: its number, and who is to have it in force. */
    private record Kept(long seq, List<String> replicas) {
        static Kept of(List<Object> answer) {
            long seq = Heartbeat.number(answer.get(0));
            if (answer.size() > 1 && answer.get(1) instanceof List<?> live) {
                return new Kept(seq, live.stream().map(String::valueOf).toList());
            }
            return new Kept(seq, List.of());
        }

        String refusal() {
            return seq == -1 ? "it was emptied" : "the change was on its way for too long";
        }
    }

    /** When the store is to refuse a change, by its own time: we do not wait for the answer any longer. */
    private String until() {
        return Long.toString(follower.storeMillis() + ANSWER_LIMIT.toMillis());
    }

    private <T> CompletableFuture<T> change(
            String script, List<String> arguments, Function<Kept, CompletableFuture<T>> then) {
        Session session = follower.current();
        if (session == null) {
            return unavailable(follower.trouble());
        }
        List<String> names = List.of(keys.routes(), keys.activity(), keys.changes(), keys.seen());
        return Conversation.eval(session, script, names, arguments)
                .toCompletableFuture()
                .copy()
                .orTimeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        return SharedStore.<T>unavailable(reason(failure));
                    }
                    Kept kept = Kept.of(answer);
                    return kept.seq() < 0 ? SharedStore.<T>unavailable(kept.refusal()) : then.apply(kept);
                })
                .thenCompose(result -> result);
    }

    private CompletableFuture<Void> awaitOthers(Kept kept) {
        follower.tell(kept.seq());
        return acknowledgements.await(kept.seq(), kept.replicas());
    }

    private static String reason(Throwable failure) {
        return Acknowledgements.unwrapped(failure) instanceof TimeoutException
                ? "no answer for " + ANSWER_LIMIT.toSeconds() + " seconds"
                : Conversation.reason(failure);
    }

    private static <T> CompletableFuture<T> unavailable(String why) {
        return CompletableFuture.failedFuture(
                new StoreUnavailableException("the store of the routes cannot be used: " + why));
    }

    @Override
    public SecondLook secondLook() {
        return looks;
    }

    // ---- how it is ----

    @Override
    public StoreStatus status() {
        if (follower.current() != null) {
            return new StoreStatus(KIND, true, true, "", follower.silence());
        }
        String why = follower.trouble() + (follower.missesChanges() ? "; others are not cut off" : "");
        return new StoreStatus(KIND, follower.hasRoutes(), false, why, follower.silence());
    }

    @Override
    public List<Entry> replicas() {
        Heartbeat known = follower.heartbeat();
        return known.replicas().stream()
                .sorted(Comparator.comparingLong(Replica::startedMillis).thenComparing(Replica::id))
                .map(replica -> entry(known, replica))
                .toList();
    }

    private Entry entry(Heartbeat known, Replica replica) {
        boolean isSelf = replica.id().equals(id);
        long applied = isSelf ? follower.applied() : replica.applied();
        return new Entry(
                replica.id(),
                replica.version(),
                replica.url(),
                replica.startedMillis(),
                replica.lastSeenMillis(),
                applied,
                Math.max(0, (isSelf ? follower.told() : known.seq()) - applied),
                isSelf,
                isSelf ? follower.hasRoutes() : known.isLive(replica));
    }

    /** How many replicas the store has heard of lately, this one included. */
    public int replicaCount() {
        return follower.heartbeat().live().size();
    }

    /** The number of the last change that is in force here. */
    public long sequence() {
        return follower.applied();
    }

    /** How many changes are known to exist that are not in force here yet. */
    public long lag() {
        return Math.max(0, follower.told() - follower.applied());
    }

    /** How often the whole table was read from the store after the first time. */
    public long resynchronisations() {
        return follower.resynchronisations();
    }

    /** Tells the others of the last activity and leaves them. */
    @Override
    public void close() {
        follower.close();
        try {
            thread.join(CLOSE_LIMIT_MILLIS);
            // It closes its connections itself, for which the loops that carry them are needed.
            thread.interrupt();
            thread.join(CLOSE_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        clients.close();
    }
}
