package org.joveproxy.core.upstream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.routing.Origin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves an upstream alone to which no connection came to be several times in a row: its breaker is open, and of all
 * event loops together one request a second tries again. The first connection closes it.
 *
 * <p>Any thread may call any method; nobody waits. Invariant: an origin is in the map only while its last attempt to
 * connect has failed, and its breaker is open exactly while so many have failed in a row as are allowed. An origin that
 * works costs one look into the map for each socket that is opened, and nothing for a request on an unused socket.
 */
public final class Breakers {
    private static final Logger logger = LoggerFactory.getLogger(Breakers.class);
    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int allowedFailures;
    private final LongSupplier nanoTime;
    private final Listener listener;
    private final Map<Origin, Outage> outages = new ConcurrentHashMap<>();

    /** Hears of breakers, on any thread; must not block. */
    public interface Listener {
        /** Connecting to {@code origin} has failed so often that it is left alone. */
        void opened(Origin origin);

        /** The proxy connects to {@code origin} again whenever a request needs it. */
        void closed(Origin origin);
    }

    /**
     * One origin's failures since the last connection.
     *
     * @param nextProbe when one request may try again, if {@code isOpen}
     * @param last what the last of them was
     */
    private record Outage(
            int failures, boolean isOpen, long openedAt, long nextProbe, long failedAt, FailureKind last) {
        Outage worse(int allowedFailures, long now, FailureKind kind) {
            boolean opens = !isOpen && failures + 1 >= allowedFailures;
            return new Outage(
                    failures + 1,
                    isOpen || opens,
                    opens ? now : openedAt,
                    opens ? now + PROBE_NANOS : nextProbe,
                    now,
                    kind);
        }

        Outage probedAt(long now) {
            return new Outage(failures, isOpen, openedAt, now + PROBE_NANOS, failedAt, last);
        }
    }

    /** Breakers that open after {@code allowedFailures} in a row, or never when that is 0. */
    public Breakers(int allowedFailures, LongSupplier nanoTime, Listener listener) {
        this.allowedFailures = allowedFailures;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /** Whether the caller may open a socket to {@code origin}. When the breaker is open, true makes the caller the probe. */
    boolean mayConnect(Origin origin) {
        Outage outage = outages.get(origin);
        if (outage == null || !outage.isOpen()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        return now - outage.nextProbe() >= 0 && outages.replace(origin, outage, outage.probedAt(now));
    }

    boolean isOpen(Origin origin) {
        Outage outage = outages.get(origin);
        return outage != null && outage.isOpen();
    }

    /** Why connecting to {@code origin} failed last, or null when it did not or the breaker has closed since. */
    @Nullable
    FailureKind lastFailure(Origin origin) {
        Outage outage = outages.get(origin);
        return outage == null ? null : outage.last();
    }

    /** No connection to {@code origin} came to be. Returns whether that has opened the breaker. */
    boolean failed(Origin origin, Failure why) {
        if (allowedFailures == 0 || !isTheUpstreams(why.kind())) {
            return false;
        }
        while (true) {
            long now = nanoTime.getAsLong();
            Outage known = outages.get(origin);
            Outage next = (known == null ? new Outage(0, false, now, now, now, why.kind()) : known)
                    .worse(allowedFailures, now, why.kind());
            boolean isNoted =
                    known == null ? outages.putIfAbsent(origin, next) == null : outages.replace(origin, known, next);
            if (isNoted) {
                boolean hasOpened = next.isOpen() && (known == null || !known.isOpen());
                if (hasOpened) {
                    opened(origin, next, why);
                }
                return hasOpened;
            }
        }
    }

    private void opened(Origin origin, Outage outage, Failure why) {
        logger.info(
                "{}: no connection after {} failures in a row, the last: {}; one request a second tries again",
                origin,
                outage.failures(),
                why.detail());
        listener.opened(origin);
    }

    /** What the upstream or the way to it is to blame for; that this machine is out of something says nothing about it. */
    private static boolean isTheUpstreams(FailureKind kind) {
        // A peer that closes in the middle of the handshake has closed a connection that never was one.
        return kind.isOfConnecting() || kind == FailureKind.UPSTREAM_CLOSED;
    }

    /** A connection to {@code origin} has come to be. */
    void connected(Origin origin) {
        close(origin, "connected again");
    }

    /** Somebody who should know says that there is a server now. */
    void reset(Origin origin) {
        close(origin, "a route to it was added or removed");
    }

    private void close(Origin origin, String why) {
        Outage outage = outages.remove(origin);
        if (outage != null) {
            closed(origin, outage, why);
        }
    }

    private void closed(Origin origin, Outage outage, String why) {
        if (outage.isOpen()) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - outage.openedAt());
            logger.info("{}: {}, after {} s and {} failures", origin, why, seconds, outage.failures());
            listener.closed(origin);
        }
    }

    /** Forgets what has not been tried for a minute; to be called now and then. */
    public void forgetTheOld() {
        long now = nanoTime.getAsLong();
        outages.forEach((origin, outage) -> {
            if (now - outage.failedAt() > FORGOTTEN_NANOS && outages.remove(origin, outage)) {
                closed(origin, outage, "not asked for any more");
            }
        });
    }

    /** How many upstreams are left alone now. */
    public int openCount() {
        return (int) outages.values().stream().filter(Outage::isOpen).count();
    }

    /** How many upstreams something is known about. */
    int size() {
        return outages.size();
    }
}
