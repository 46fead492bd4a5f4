package org.joveproxy.core.downstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.LoopLedger;
import org.joveproxy.core.lifecycle.Places;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.threading.EventLoopConfined;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which clients are served when there are more of them than places: those who were first, except that clients
 * which are idle between two requests make way, the longest idle first.
 *
 * <p>Confined to its event loop; the places are shared by all of them.
 */
@EventLoopConfined
public final class Admission {
    private static final Logger logger = LoggerFactory.getLogger(Admission.class);
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private final Places places;
    private final ConnectionLedger book;
    private final EventLoop loop;
    private final LoopLedger clock;
    private long fruitlessAt = Long.MIN_VALUE;
    private long toldAt;
    private long untold;

    /** Admits clients of {@code loop} to {@code places}; to be called on the loop. */
    public Admission(Places places, ConnectionLedger book, EventLoop loop) {
        this.places = places;
        this.book = book;
        this.loop = loop;
        this.clock = book.of(loop);
        this.toldAt = clock.now() - QUIET_NANOS;
    }

    /** Takes a place for {@code client} until its socket closes, or returns false when there is none. */
    boolean tryAdmit(Channel client) {
        if (!places.tryTake()) {
            return false;
        }
        client.closeFuture().addListener(closed -> places.giveBack());
        return true;
    }

    /**
     * Has idle clients of all loops closed and runs {@code then} on this loop when that is done; at once when the last
     * try, a moment ago, found none.
     */
    void makeRoom(Runnable then) {
        if (fruitlessAt == clock.now()) {
            then.run();
            return;
        }
        book.closeSpare(Role.CLIENT, spare(places.limit()), false)
                .whenCompleteAsync(
                        (closed, unused) -> {
                            if (closed == null || closed == 0) {
                                fruitlessAt = clock.now();
                            }
                            then.run();
                        },
                        loop);
    }

    /** How many idle clients make way at once, so that not every newcomer needs a look at all of them. */
    static int spare(int places) {
        return Math.max(1, places / 64);
    }

    /** Counts a request that was refused for {@code why}, and tells the operator, though not for each. */
    void refused(String why) {
        untold++;
        if (clock.now() - toldAt >= QUIET_NANOS) {
            logger.warn("{}: refused {} requests with 503 of late", why, untold);
            toldAt = clock.now();
            untold = 0;
        }
    }
}
