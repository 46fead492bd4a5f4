package org.joveproxy.store.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joveproxy.core.routing.StoreStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the journal is, told once when it changes.
 *
 * <p>Any thread may ask; the thread that has the file tells.
 */
final class Health {
    private static final Logger logger = LoggerFactory.getLogger(Journal.class);
    private static final String KIND = "journal";
    private static final long NOTICE_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final Path file;
    private final LongSupplier clock;
    private volatile State state = new State(StoreStatus.working(KIND), "", 0, false);

    /** Of the journal in {@code file}, by a clock of milliseconds since 1970. */
    Health(Path file, LongSupplier clock) {
        this.file = file;
        this.clock = clock;
    }

    private record State(StoreStatus status, String notice, long noticeMillis, boolean hasLost) {
        State with(StoreStatus other) {
            return new State(other, notice, noticeMillis, hasLost);
        }
    }

    StoreStatus status() {
        State now = state;
        boolean hasNews = !now.notice.isEmpty() && clock.getAsLong() - now.noticeMillis < NOTICE_MILLIS;
        return now.status.isWorking() && hasNews ? new StoreStatus(KIND, true, true, now.notice) : now.status;
    }

    /** How the journal is before all that was kept is in force. */
    StoreStatus reading() {
        StoreStatus now = state.status;
        return new StoreStatus(KIND, false, now.isWorking(), now.detail());
    }

    /** Whether routes that were kept once may not have come back. */
    boolean hasLost() {
        return state.hasLost;
    }

    /** Changes are not kept, because of {@code failure}. */
    void fails(Throwable failure) {
        boolean isNews = state.status.isWorking();
        String why = file + ": " + words(failure);
        state = state.with(StoreStatus.failing(KIND, "routes are not kept: " + why));
        if (isNews) {
            logger.error("Routes are in memory only and would not survive the process: {}", why);
        } else {
            logger.debug("Routes are still in memory only: {}", why);
        }
    }

    private static String words(Throwable failure) {
        Throwable reason = failure;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            reason = e instanceof IOException || !(reason instanceof IOException) ? e : reason;
        }
        if (reason instanceof AccessDeniedException) {
            return "permission denied";
        }
        String text = reason instanceof FileSystemException about ? about.getReason() : reason.getMessage();
        return text == null ? reason.getClass().getSimpleName() : text;
    }

    /** All is kept, but in a file that could not be made smaller. */
    void staysLarge(Throwable failure) {
        logger.warn("{} is larger than it should be and could not be written anew: {}", file, words(failure));
    }

    /** Changes are kept. */
    void works() {
        if (!state.status.isWorking()) {
            state = state.with(StoreStatus.working(KIND));
            logger.info("All routes are kept in {} again", file);
        }
    }

    /** Routes may not have come back, in words. */
    void loses(String what) {
        logger.warn("Routes may be missing: {}", what);
        state = new State(state.status, what, clock.getAsLong(), true);
    }
}
