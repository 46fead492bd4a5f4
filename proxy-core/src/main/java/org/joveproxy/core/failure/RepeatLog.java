package org.joveproxy.core.failure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Keeps failures that come by the thousand from filling the log: the first few of those that are alike get their lines,
 * the others are counted and told every ten seconds as "37 more in 10 s".
 *
 * <p>Any thread may call any method. Invariant: what is counted is told once, by one line, and at most {@value #MAX_TOPICS}
 * topics are known at one time.
 */
public final class RepeatLog {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_TOPICS = 256;
    private static final String OTHERS = "other failures";

    private final Map<String, Repeats> topics = new ConcurrentHashMap<>();
    private final Logger logger;
    private final int linesEach;
    private final LongSupplier nanoTime;

    /** Tells {@code logger}, after {@code linesEach} lines of a topic, by the clock {@code nanoTime}. */
    public RepeatLog(Logger logger, int linesEach, LongSupplier nanoTime) {
        this.logger = logger;
        this.linesEach = linesEach;
        this.nanoTime = nanoTime;
    }

    /** Counts one more failure of {@code topic}. Returns whether it is among the first, about which the caller tells. */
    public boolean isWorthALine(String topic) {
        Repeats known = topics.get(topic);
        if (known == null) {
            String bounded = topics.size() < MAX_TOPICS ? topic : OTHERS;
            known = topics.computeIfAbsent(bounded, unused -> new Repeats(nanoTime.getAsLong(), 0));
        }
        // Race: the count may have been told just now. One of thousands is then missing from it.
        return known.count.getAndIncrement() < linesEach;
    }

    /** Tells what has been counted for ten seconds, and forgets the topics that nothing was counted of. */
    public void tell() {
        long now = nanoTime.getAsLong();
        topics.forEach((topic, repeats) -> {
            long nanos = now - repeats.since;
            if (nanos >= PERIOD_NANOS) {
                tell(topic, repeats, now, TimeUnit.NANOSECONDS.toSeconds(nanos));
            }
        });
    }

    private void tell(String topic, Repeats repeats, long now, long seconds) {
        long more = repeats.count.get() - linesEach;
        if (more <= 0) {
            topics.remove(topic, repeats);
        } else if (topics.replace(topic, repeats, new Repeats(now, linesEach))) {
            logger.info("{}: {} more in {} s", topic, more, seconds);
        }
    }

    /** One topic's count since a moment; equal to nothing but itself. */
    private static final class Repeats {
        private final long since;
        private final AtomicLong count;

        Repeats(long since, long count) {
            this.since = since;
            this.count = new AtomicLong(count);
        }
    }
}
