package org.joveproxy.store.shared;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the store has not been heard of, and whether others hear of it: then this replica alone is cut off, and may miss
 * changes.
 *
 * <p>Any thread may ask {@link #isTooLong} and {@link #missesChanges}; all else is confined to the thread that follows the
 * store.
 */
final class Silence {
    private static final Logger logger = LoggerFactory.getLogger(Silence.class);

    // These times and that between two signs of life belong together. Whoever writes waits for a replica until the
    // store
    // has heard nothing of it for four seconds (Scripts.LIVE_MILLIS). A replica that is cut off alone has to know that
    // by
    // then: half a second may have passed since its last sign of life when it hears the last of the store; 2.7 seconds
    // later it asks the others, who cannot take themselves for well any more if they are cut off as well; and they
    // answer
    // within 0.75 seconds.
    static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration BEFORE_ASKING = Duration.ofMillis(2700);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    private final Peers peers = new Peers();
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean missesChanges;
    private long askedNanos = System.nanoTime() - BETWEEN_QUESTIONS.toNanos();

    /** The store has said something at {@code now}. */
    void heard(long now) {
        heardNanos = now;
    }

    /** Whether the connection is not to be relied on any more. */
    boolean isTooLong() {
        return lasts(LIMIT);
    }

    private boolean lasts(Duration limit) {
        return System.nanoTime() - heardNanos > limit.toNanos();
    }

    /** Whether others hear from the store while this replica does not. */
    boolean missesChanges() {
        return missesChanges;
    }

    /** Asks the replicas at {@code urls} whether they hear of the store, if it is time at {@code now}. */
    void askOthers(long now, Supplier<List<String>> urls) {
        if (!missesChanges
                && now - heardNanos >= BEFORE_ASKING.toNanos()
                && now - askedNanos >= BETWEEN_QUESTIONS.toNanos()) {
            askedNanos = now;
            peers.ask(urls.get(), this::othersHear);
        }
    }

    private void othersHear() {
        if (lasts(BEFORE_ASKING) && !missesChanges) {
            missesChanges = true;
            logger.warn("Only this replica is cut off from the store: it is not ready");
        }
    }

    /** Nothing is missing any more. */
    void ended() {
        missesChanges = false;
        peers.rest();
    }
}
