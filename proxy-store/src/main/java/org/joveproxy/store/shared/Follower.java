package org.joveproxy.store.shared;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this replica's table equal to the store, and tells the store and the others how far it is.
 *
 * <p>The work is done on one thread, which waits for the store with blocking calls; other threads may ask how it stands.
 * When a connection is lost both are, and all begins anew: connect, find out how the store stands to what is known here,
 * make up for the difference, read on.
 */
final class Follower implements Runnable, Conversation.Ear, StoreLooks.Source {
    private static final Logger logger = LoggerFactory.getLogger(Follower.class);

    private static final Duration FEED_WAIT = Duration.ofMillis(300);
    // A feed that is well answers at least every FEED_WAIT.
    private static final Duration FEED_LATE = Duration.ofMillis(600);
    private static final int FEED_PIECE = 500;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);
    private static final Duration BETWEEN_TELLINGS = Duration.ofSeconds(4);
    private static final Duration BETWEEN_LEARNINGS = Duration.ofMillis(500);
    private static final int MAX_MEETINGS = 10;

    private final Keys keys;
    private final String self;
    private final RedisClients clients;
    private final LocalTable table;
    private final SharedActivity activity;
    private final Acknowledgements acknowledgements;
    private final SignsOfLife signsOfLife;
    private final Silence silence = new Silence(System::nanoTime);
    private final Standstill standstill = new Standstill();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch firstOutcome = new CountDownLatch(1);

    // Written by the follower's thread, read by any.
    private volatile @Nullable Session current;
    private volatile @Nullable Session connected;
    private volatile String epoch = "";
    private volatile String trouble = "not connected yet";
    private volatile long applied;
    private volatile long fedNanos = System.nanoTime();
    private volatile boolean isSynchronised;

    private final AtomicLong told = new AtomicLong();
    private final AtomicLong resynchronisations = new AtomicLong();

    // Confined to the follower's thread.
    private final KnownChanges known = new KnownChanges();
    private boolean hasTrouble;
    private boolean isFresh = true;
    private boolean mustReadAll;
    private String lastNews = "0-0";
    private long toldNanos = System.nanoTime();
    private long learnedNanos = System.nanoTime();

    /**
     * A follower that is not at work before it is run.
     *
     * @param who describes this replica, given its connection
     */
    Follower(
            Keys keys,
            String self,
            RedisClients clients,
            LocalTable table,
            SharedActivity activity,
            Acknowledgements acknowledgements,
            Function<Session, Replica> who) {
        this.keys = keys;
        this.self = self;
        this.clients = clients;
        this.table = table;
        this.activity = activity;
        this.acknowledgements = acknowledgements;
        this.signsOfLife = new SignsOfLife(keys, who, this::learn);
    }

    // ---- how it stands, for any thread ----

    /** The session by which routes can be changed, or null when they cannot. */
    @Nullable
    Session current() {
        return silence.isTooLong() || standstill.isBehind() ? null : current;
    }

    /** The store's time, or a little less. */
    long storeMillis() {
        return signsOfLife.storeMillis();
    }

    /** Why {@link #current} is null. */
    String trouble() {
        if (standstill.isBehind()) {
            return "this process stood still and has to catch up";
        }
        return current == null ? trouble : "silent for " + Silence.LIMIT.toSeconds() + " seconds";
    }

    /** Which content of the store the table is equal to; empty before the first. */
    String epoch() {
        return epoch;
    }

    /** The number of the last change that is in force here. */
    long applied() {
        return applied;
    }

    /** The highest number of a change that is known to exist. */
    long told() {
        return told.get();
    }

    /** There is a change {@code seq}. Any thread may call it. */
    @Override
    public void tell(long seq) {
        told.accumulateAndGet(seq, Math::max);
    }

    /** What the store has told about all replicas. */
    Heartbeat heartbeat() {
        return signsOfLife.latest();
    }

    /** How often the whole table was read after the first time. */
    long resynchronisations() {
        return resynchronisations.get();
    }

    /** Whether the table holds all routes, or all that anybody can know of. */
    boolean hasRoutes() {
        return isSynchronised && !silence.missesChanges() && !standstill.isBehind();
    }

    /** Whether others hear from the store while this replica does not. */
    boolean missesChanges() {
        return silence.missesChanges();
    }

    /** How long ago the store was last heard of. */
    Duration silence() {
        return silence.duration();
    }

    // ---- second looks, for any thread ----

    /** The replica is not ready or stood still, changes are known to be missing, or the feed is late. */
    @Override
    public boolean mayLackChanges() {
        return connected != null
                && (current == null
                        || standstill.isBehind()
                        || told.get() > applied
                        || System.nanoTime() - fedNanos > FEED_LATE.toNanos());
    }

    @Override
    public @Nullable CompletionStage<List<Object>> find(List<String> paths) {
        Session session = connected;
        return session == null
                ? null
                : Conversation.eval(session, Scripts.FIND, List.of(keys.routes(), keys.activity()), paths);
    }

    /** Waits until the table is as it should be, or it is clear that this takes longer. */
    boolean awaitFirstOutcome(Duration limit) throws InterruptedException {
        return firstOutcome.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the work soon. */
    void close() {
        closed.countDown();
        Session session = current;
        if (session != null) {
            // The thread waits for news.
            tellApplied(session);
        }
    }

    private void tellApplied(Session session) {
        session.ask()
                .eval(
                        Scripts.APPLIED,
                        ScriptOutputType.INTEGER,
                        new String[] {keys.news()},
                        self,
                        Long.toString(applied));
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    // ---- the work ----

    @Override
    public void run() {
        standstill.begin();
        try {
            while (!isClosed()) {
                followOnce();
                pause();
            }
        } catch (InterruptedException e) {
            logger.debug("Was told to stop in the middle of something");
        }
    }

    private void pause() throws InterruptedException {
        waiting();
        var unused = closed.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void followOnce() throws InterruptedException {
        String why = "the connection was closed";
        try (Session session = connect()) {
            connected = session;
            follow(new Conversation(session, keys, this));
        } catch (StoreLostException e) {
            why = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            why = "an error of ours: " + e;
            logger.error("Following the store failed", e);
        } finally {
            lost(why);
        }
    }

    private Session connect() throws StoreLostException, InterruptedException {
        CompletableFuture<Session> connecting = clients.connect();
        try {
            return Conversation.await(connecting, this);
        } catch (StoreLostException | InterruptedException e) {
            connecting.thenAccept(Session::close);
            throw e;
        }
    }

    private void lost(String why) {
        current = null;
        connected = null;
        mustReadAll |= table.forgetLooks();
        trouble = why;
        signsOfLife.lost();
        acknowledgements.fail("the store cannot be used: " + why);
        if (!isClosed() && !hasTrouble) {
            logger.warn("The routes cannot be changed: the store cannot be used: {}", why);
            hasTrouble = true;
        }
        firstOutcome.countDown();
    }

    private void follow(Conversation store) throws StoreLostException, InterruptedException {
        while (!isClosed()) {
            meet(store);
            readOn(store);
        }
        activity.tell(store);
        store.number(Scripts.LEAVE, List.of(keys.seen(), keys.applied(), keys.replicas()), List.of(self));
    }

    // ---- meet: the table becomes equal to the store ----

    private void meet(Conversation store) throws StoreLostException, InterruptedException {
        for (int i = 0; i < MAX_MEETINGS; i++) {
            Standing there = Standing.look(store, epoch, applied);
            if (!there.epoch().isEmpty()) {
                lastNews = there.lastNews();
                activity.missed();
                becomeEqualTo(there, store);
                return;
            }
            new Recovery(store, table, self).begin(epoch, applied);
        }
        throw new StoreLostException("it is emptied again and again");
    }

    private void becomeEqualTo(Standing there, Conversation store) throws StoreLostException, InterruptedException {
        if (epoch.isEmpty() || (!there.epoch().equals(epoch) && there.hasTakenOver())) {
            synchronise(store);
        } else if (!there.epoch().equals(epoch)) {
            logger.warn("The store was begun anew: adding the routes that it does not know");
            new Recovery(store, table, self).unite(epoch);
            synchronise(store);
        } else if (hasForgotten(there)) {
            logger.warn("The store has forgotten changes: making them again");
            new Recovery(store, table, self).repair(known);
            synchronise(store);
        } else if (!there.isContinued() || mustReadAll) {
            synchronise(store);
        }
    }

    private boolean hasForgotten(Standing there) {
        return there.seq() < applied || (there.token() != 0 && !known.has(applied, there.token()));
    }

    private void synchronise(Conversation store) throws StoreLostException, InterruptedException {
        StoredTable stored = StoredTable.read(store);
        table.becomeEqualTo(stored);
        known.add(stored.seq(), Change.token(stored.token()));
        if (!epoch.isEmpty()) {
            resynchronisations.incrementAndGet();
        }
        epoch = stored.epoch();
        applied = stored.seq();
        mustReadAll = false;
        logger.info("Read {} routes from the store", stored.routes().size());
    }

    // ---- read on: the table stays equal to the store ----

    private void readOn(Conversation store) throws StoreLostException, InterruptedException {
        if (isFresh && table.hasDefault()) {
            store.number(
                    Scripts.DEFAULT_AGAIN,
                    List.of(keys.routes(), keys.activity(), keys.changes()),
                    List.of(epoch, self, Change.newToken()));
        }
        isFresh = false;
        acknowledgements.applied(self, applied);
        // From here on whoever makes a change waits for us; what was changed before has to be here before anybody is
        // served.
        signsOfLife.giveFirst(store);
        long goal = signsOfLife.latest().seq();
        while (!isClosed()) {
            if (applied >= goal && current == null && standstill.hasSettled()) {
                ready(store.session());
            }
            boolean isContinuous = read(store);
            signsOfLife.giveAgain(store);
            if ((standstill.isNoticed() || silence.missesChanges()) && current != null) {
                current = null;
                return;
            }
            if (!isContinuous || !signsOfLife.latest().epoch().equals(epoch)) {
                return;
            }
            shareActivity(store);
        }
    }

    private void ready(Session session) {
        current = session;
        signsOfLife.caughtUp();
        silence.ended();
        standstill.madeUpFor();
        isSynchronised = true;
        if (hasTrouble) {
            logger.info("The store can be used again");
            hasTrouble = false;
        }
        firstOutcome.countDown();
    }

    /** Waits for news and handles them. Answers false when changes are missing between the last one and these. */
    @SuppressWarnings("unchecked") // the varargs of Lettuce
    private boolean read(Conversation store) throws StoreLostException, InterruptedException {
        List<StreamMessage<String, String>> entries = store.await(store.session()
                .feed()
                .xread(
                        XReadArgs.Builder.block(FEED_WAIT).count(FEED_PIECE),
                        XReadArgs.StreamOffset.from(keys.changes(), Change.id(applied)),
                        XReadArgs.StreamOffset.from(keys.news(), lastNews)));
        fedNanos = System.nanoTime();
        boolean isOfOthers = false;
        for (StreamMessage<String, String> entry : entries) {
            if (entry.getStream().equals(keys.news())) {
                hear(entry);
                continue;
            }
            Change change = Change.of(entry);
            if (change.seq() != applied + 1) {
                return false;
            }
            apply(change);
            isOfOthers |= !change.by().equals(self);
        }
        acknowledgements.applied(self, applied);
        if (isOfOthers) {
            tellApplied(store.session());
        }
        return true;
    }

    private void apply(Change change) {
        table.apply(change);
        known.add(change.seq(), change.token());
        applied = change.seq();
        tell(applied);
    }

    private void hear(StreamMessage<String, String> news) {
        lastNews = news.getId();
        String by = news.getBody().getOrDefault("by", "");
        if (by.equals(self)) {
            return;
        }
        String seq = news.getBody().get("applied");
        if (seq != null) {
            tell(Long.parseLong(seq));
            acknowledgements.applied(by, Long.parseLong(seq));
        }
        String used = news.getBody().get("used");
        if (used != null) {
            activity.toldFrom(Long.parseLong(used));
        }
    }

    private void shareActivity(Conversation store) throws StoreLostException, InterruptedException {
        long now = System.nanoTime();
        if (now - toldNanos >= BETWEEN_TELLINGS.toNanos()) {
            toldNanos = now;
            activity.tell(store);
        }
        if (now - learnedNanos >= BETWEEN_LEARNINGS.toNanos()) {
            learnedNanos = now;
            activity.learn(store, table);
        }
    }

    // ---- what is heard of the store, or not ----

    /** What the store has answered to a sign of life. */
    private void learn(Heartbeat told) {
        tell(told.seq());
        for (Replica replica : told.replicas()) {
            if (!replica.id().equals(self)) {
                acknowledgements.applied(replica.id(), replica.applied());
            }
        }
        acknowledgements.live(told.live(), told.seq());
    }

    @Override
    public void heard() {
        silence.heard(standstill.look());
    }

    @Override
    public void waiting() {
        long now = standstill.look();
        if (isSynchronised) {
            silence.askOthers(now, this::urlsOfOthers);
        }
    }

    private List<String> urlsOfOthers() {
        return signsOfLife.latest().replicas().stream()
                .filter(replica -> !replica.id().equals(self))
                .map(Replica::url)
                .filter(url -> url != null)
                .toList();
    }
}
