package org.joveproxy.store.shared;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the store has not been heard of, and whether others hear of it: then this replica alone is cut off, and may miss
 * changes.
 *
 * <p>Any thread may ask {@link #duration}, {@link #isTooLong} and {@link #missesChanges}, and tell {@link #heardElsewhere}; all
 * else is confined to the thread that follows the store.
 */
final class Silence {
    private static final Logger logger = LoggerFactory.getLogger(Silence.class);

    // These times and that between two signs of life belong together. Whoever writes waits for a replica until the
    // store has heard nothing of it for four seconds (Scripts.LIVE_MILLIS). 0.8 seconds of these may have passed when
    // it hears the last of the store, so 3.2 are left until it has to be out of service. It has found out after 2.5
    // seconds, and the rest is for the balancer and for a busy machine: others are asked every 0.3 seconds; the first
    // of their answers that counts belongs to a question of 1.6 seconds at the latest, as they hear of the store
    // every 0.6 seconds at least.
    static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration BEFORE_ASKING = Duration.ofSeconds(1);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);
    // When the store is gone for all, each hears the last of it at a moment of its own.
    private static final Duration SURELY_LATER = Duration.ofSeconds(1);
    // When it comes back, each finds it again at a moment of its own, and those who do wait for the others.
    private static final Duration SURELY_ALONE = Duration.ofMillis(750);

    private final Peers peers;
    private final LongSupplier nanoClock;
    private volatile long heardNanos;
    private volatile boolean missesChanges;
    private long askedNanos;
    // Guarded by this.
    private long aloneSince;
    private long aloneAfter;

    /**
     * Begins now.
     *
     * @param nanoClock the monotonic time
     */
    Silence(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.peers = new Peers(nanoClock);
        this.heardNanos = nanoClock.getAsLong();
        this.askedNanos = heardNanos;
        this.aloneAfter = heardNanos - 1; // as long as nobody has told of any silence
    }

    /** The store has said something at {@code now}. */
    void heard(long now) {
        heardNanos = now;
    }

    /** How long it has lasted. */
    Duration duration() {
        return Duration.ofNanos(Math.max(0, nanoClock.getAsLong() - heardNanos));
    }

    /** Whether the connection is not to be relied on any more. */
    boolean isTooLong() {
        return nanoClock.getAsLong() - heardNanos > LIMIT.toNanos();
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
            peers.ask(urls.get(), this::heardElsewhere);
        }
    }

    /** Another replica that was asked at {@code asked} had heard of the store {@code silence} before that, or later. */
    synchronized void heardElsewhere(long asked, Duration silence) {
        long heard = heardNanos;
        if (asked - silence.toNanos() - heard < SURELY_LATER.toNanos()) {
            return;
        }
        if (aloneAfter != heard) {
            aloneAfter = heard;
            aloneSince = asked;
        }
        if (asked - aloneSince >= SURELY_ALONE.toNanos() && isTooLong() && !missesChanges) {
            missesChanges = true;
            logger.warn("Only this replica is cut off from the store: it is not ready");
        }
    }

    /** Nothing is missing any more. */
    void ended() {
        missesChanges = false;
    }
}
