package org.joveproxy.app;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.ProxyObserver.ReloadResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether files hold something else, and has it put into force.
 *
 * <p>A change is taken when two looks in a row have seen the same, so that files that are being written are left alone. What
 * is refused is tried again once a minute, since a certificate becomes valid without its file changing, and is told once.
 *
 * <p>Any thread may call any method. All looks are on one thread of its own, which is not there when nothing is watched.
 */
final class FileWatch implements AutoCloseable {
    /** How often files are looked at: a change is in force after twice as long at most. */
    static final Duration PACE = Duration.ofSeconds(2);

    private static final Logger logger = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration REFUSED_AGAIN = Duration.ofMinutes(1);

    private final List<Watched> all;
    private final ProxyObserver observer;
    private final long looksPerTry;
    private final @Nullable ScheduledThreadPoolExecutor thread;

    private FileWatch(List<WatchedFiles> files, ProxyObserver observer, Duration pace) {
        this.all = files.stream().map(Watched::new).toList();
        this.observer = observer;
        this.looksPerTry = Math.max(1, REFUSED_AGAIN.toMillis() / pace.toMillis());
        this.thread = all.isEmpty() ? null : newThread();
    }

    private static ScheduledThreadPoolExecutor newThread() {
        return new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "jove-reload");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Looks at {@code files} each {@code pace}; {@code observer} hears what comes of changes. */
    static FileWatch start(List<WatchedFiles> files, ProxyObserver observer, Duration pace) {
        FileWatch watch = new FileWatch(files, observer, pace);
        if (watch.thread != null) {
            watch.thread.scheduleWithFixedDelay(
                    () -> watch.look(false), pace.toMillis(), pace.toMillis(), TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    /** Looks at once, takes what has changed without looking twice, and tells the log also what has not changed. */
    void lookNow() {
        if (thread == null) {
            logger.info("Asked to read files again: none of a key, a certificate, a token or a password is in use");
        } else {
            thread.execute(() -> look(true));
        }
    }

    private void look(boolean isAskedFor) {
        for (Watched each : all) {
            try {
                each.look(isAskedFor);
            } catch (RuntimeException e) {
                logger.error("Cannot look at {}", each.files.what().words(), e);
            }
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    /** One set of files. Confined to the thread. */
    private final class Watched {
        private final WatchedFiles files;
        private FileContents inForce;
        private FileContents lastSeen;
        private @Nullable FileContents refused;
        private String lastReason = "";
        private long looksSinceTry;

        Watched(WatchedFiles files) {
            this.files = files;
            this.inForce = files.initially();
            this.lastSeen = files.initially();
        }

        void look(boolean isAskedFor) {
            FileContents now = FileContents.of(files.files());
            boolean isAtRest = now.equals(lastSeen);
            lastSeen = now;
            if (now.equals(inForce)) {
                unchanged(isAskedFor);
            } else if (isAskedFor || (isAtRest && isWorthATry(now))) {
                take(now, isAskedFor);
            }
        }

        private void unchanged(boolean isAskedFor) {
            if (refused != null) {
                refused = null;
                logger.info(
                        "{}: the files hold again what is in force",
                        files.what().words());
            } else if (isAskedFor) {
                logger.info("{}: the files have not changed", files.what().words());
            }
        }

        private boolean isWorthATry(FileContents now) {
            looksSinceTry++;
            return !now.equals(refused) || looksSinceTry >= looksPerTry;
        }

        private void take(FileContents now, boolean isAskedFor) {
            looksSinceTry = 0;
            try {
                String taken = files.taking().take();
                inForce = now;
                refused = null;
                logger.info(
                        "{} was read again and is in force: {}", files.what().words(), taken);
                observer.reloaded(files.what(), ReloadResult.TAKEN);
            } catch (RefusedException | RuntimeException e) {
                // Whatever has changed meanwhile will be seen by the next look.
                if (now.equals(FileContents.of(files.files()))) {
                    refuse(now, String.valueOf(e.getMessage()), isAskedFor);
                }
            }
        }

        private void refuse(FileContents now, String reason, boolean isAskedFor) {
            if (isAskedFor || !now.equals(refused) || !reason.equals(lastReason)) {
                logger.error(
                        "{} was read again and cannot be used, what was in force stays so: {}",
                        files.what().words(),
                        reason);
            }
            refused = now;
            lastReason = reason;
            observer.reloaded(files.what(), ReloadResult.REFUSED);
        }
    }
}
