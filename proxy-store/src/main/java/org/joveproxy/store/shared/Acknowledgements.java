package org.joveproxy.store.shared;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.joveproxy.core.routing.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * How far each replica is, and which of our changes wait for whom.
 *
 * <p>Any thread may call any method. What completes a future does so without the lock.
 */
final class Acknowledgements {
    private final String self;
    private final Duration limit;
    private final IntConsumer onLate;

    // All guarded by this.
    private final Map<String, Long> applied = new HashMap<>();
    private final Map<String, Long> late = new HashMap<>();
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    /**
     * The book of replica {@code self}.
     *
     * @param limit how long a change waits for others
     * @param onLate hears how many replicas a change has waited for in vain
     */
    Acknowledgements(String self, Duration limit, IntConsumer onLate) {
        this.self = self;
        this.limit = limit;
        this.onLate = onLate;
    }

    /** A change that is kept but not yet in force everywhere. */
    private record Waiting(long seq, Set<String> missing, CompletableFuture<Void> done) {
        /** Two changes are never the same. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * Completes when all of {@code replicas} and this one have the change {@code seq} in force, or when others do not get
     * there in time. Fails when this one does not.
     */
    CompletableFuture<Void> await(long seq, Collection<String> replicas) {
        Waiting change = new Waiting(seq, new HashSet<>(replicas), new CompletableFuture<>());
        synchronized (this) {
            change.missing().removeAll(late.keySet());
            change.missing().add(self);
            change.missing().removeIf(replica -> applied.getOrDefault(replica, -1L) >= seq);
            if (change.missing().isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            waiting.add(change);
        }
        return change.done()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(thrown -> thrown instanceof TimeoutException
                        ? tookTooLong(change)
                        : CompletableFuture.failedFuture(thrown));
    }

    private CompletableFuture<Void> tookTooLong(Waiting change) {
        int others;
        boolean isHere;
        synchronized (this) {
            waiting.remove(change);
            isHere = !change.missing().remove(self);
            others = change.missing().size();
            change.missing().forEach(replica -> late.merge(replica, change.seq(), Math::max));
        }
        if (others > 0) {
            onLate.accept(others);
        }
        return isHere
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new StoreUnavailableException("the change is on its way for too long"));
    }

    /** Replica {@code replica} has all changes up to {@code seq} in force. */
    void applied(String replica, long seq) {
        complete(forget(replica, seq));
    }

    private synchronized List<Waiting> forget(String replica, long seq) {
        applied.put(replica, seq);
        late.computeIfPresent(replica, (same, missed) -> seq >= missed ? null : missed);
        List<Waiting> done = new ArrayList<>();
        for (Waiting change : waiting) {
            if (change.seq() <= seq
                    && change.missing().remove(replica)
                    && change.missing().isEmpty()) {
                done.add(change);
            }
        }
        done.forEach(waiting::remove);
        return done;
    }

    /**
     * Only these replicas were alive when {@code seq} was the last change: up to there others are no longer waited for. For
     * a later change the store has said itself for whom to wait, and there may be one among them who had not joined yet.
     */
    void live(Set<String> replicas, long seq) {
        List<Waiting> done = new ArrayList<>();
        synchronized (this) {
            applied.keySet().removeIf(replica -> !replicas.contains(replica) && !replica.equals(self));
            late.keySet().retainAll(replicas);
            for (Waiting change : waiting) {
                if (change.seq() <= seq) {
                    change.missing().removeIf(replica -> !replicas.contains(replica) && !replica.equals(self));
                    if (change.missing().isEmpty()) {
                        done.add(change);
                    }
                }
            }
            done.forEach(waiting::remove);
        }
        complete(done);
    }

    private static void complete(List<Waiting> done) {
        done.forEach(change -> change.done().complete(null));
    }

    /** Nothing more will be heard: what waits fails, and how far anybody is has to be learned anew. */
    void fail(String why) {
        List<Waiting> lost;
        synchronized (this) {
            lost = List.copyOf(waiting);
            waiting.clear();
            applied.clear();
        }
        lost.forEach(change -> change.done().completeExceptionally(new StoreUnavailableException(why)));
    }

    /** The cause behind what the stages of a future wrap it in. */
    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
