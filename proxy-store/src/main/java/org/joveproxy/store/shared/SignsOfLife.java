package org.joveproxy.store.shared;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells the store that this replica lives, and how far it is; the answers tell of the others and of the store's time.
 *
 * <p>When the store comes back after it was gone for all, the first replica that finds it again would make changes for itself
 * alone: the others have given no sign of life for a while, if the store has not forgotten them altogether, and yet they
 * serve. So until it has caught up, a replica also tells who lived when it lost the store, and the time since does not count as
 * theirs.
 *
 * <p>Any thread may ask for {@link #latest} and {@link #storeMillis}; all else is confined to the thread that follows the
 * store.
 */
final class SignsOfLife {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Keys keys;
    private final Function<Session, Replica> self;
    private final Consumer<Heartbeat> onAnswer;

    private volatile Heartbeat latest = Heartbeat.NONE;
    private volatile StoreTime storeTime = new StoreTime(0, System.nanoTime());
    private long givenNanos;
    private @Nullable CompletableFuture<List<Object>> coming;
    private List<String> livedBefore = List.of();

    /** What time it was in the store when we last heard of it. */
    private record StoreTime(long millis, long nanos) {}

    /**
     * Signs that are not given before somebody asks for it.
     *
     * @param self describes this replica as it is now, given its connection
     * @param onAnswer hears what the store answers
     */
    SignsOfLife(Keys keys, Function<Session, Replica> self, Consumer<Heartbeat> onAnswer) {
        this.keys = keys;
        this.self = self;
        this.onAnswer = onAnswer;
    }

    /** What the store has told about all replicas. */
    Heartbeat latest() {
        return latest;
    }

    /** The store's time, or a little less. */
    long storeMillis() {
        StoreTime heard = storeTime;
        return heard.millis() + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heard.nanos());
    }

    /** Gives one and waits for the answer. */
    void giveFirst(Conversation store) throws StoreLostException, InterruptedException {
        answered(store.await(give(store)));
    }

    /** Gives one when it is time, without waiting for the answer. */
    void giveAgain(Conversation store) throws StoreLostException, InterruptedException {
        CompletableFuture<List<Object>> asked = coming;
        long age = System.nanoTime() - givenNanos;
        if (asked == null) {
            if (age >= INTERVAL.toNanos()) {
                coming = give(store);
            }
        } else if (asked.isDone()) {
            answered(store.await(asked));
        } else if (age > Silence.LIMIT.toNanos()) {
            throw new StoreLostException("no answer for " + Silence.LIMIT.toSeconds() + " seconds");
        }
    }

    private CompletableFuture<List<Object>> give(Conversation store) {
        givenNanos = System.nanoTime();
        Replica replica = self.apply(store.session());
        List<String> arguments =
                new ArrayList<>(List.of(replica.id(), Long.toString(replica.applied()), replica.description()));
        arguments.addAll(livedBefore);
        return Conversation.eval(
                        store.session(),
                        Scripts.HEARTBEAT,
                        List.of(keys.routes(), keys.seen(), keys.applied(), keys.replicas()),
                        arguments)
                .toCompletableFuture();
    }

    private void answered(List<Object> answer) {
        coming = null;
        Heartbeat told = Heartbeat.of(answer);
        latest = told;
        storeTime = new StoreTime(told.storeMillis(), System.nanoTime());
        onAnswer.accept(told);
    }

    /** The connection is lost: no answer comes any more. */
    void lost() {
        coming = null;
        Heartbeat last = latest;
        livedBefore = last.replicas().stream()
                .filter(last::isLive)
                .flatMap(replica ->
                        Stream.of(replica.id(), Long.toString(last.storeMillis() - replica.lastSeenMillis())))
                .toList();
    }

    /** This replica has all changes again: from now on the others speak for themselves. */
    void caughtUp() {
        livedBefore = List.of();
    }
}
