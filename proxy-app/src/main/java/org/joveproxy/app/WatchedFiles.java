package org.joveproxy.app;

import java.nio.file.Path;
import java.util.List;
import org.joveproxy.core.observe.Reloadable;

/**
 * Files whose contents are in force, and how to put into force what they hold later.
 *
 * <p>Immutable.
 *
 * @param what they are for
 * @param files those that belong together
 * @param initially what they held just before they were first read
 * @param taking reads them again
 */
record WatchedFiles(Reloadable what, List<Path> files, FileContents initially, Taking taking) {
    /** These, with {@code next} to be run each time when they were taken. */
    WatchedFiles andThen(Runnable next) {
        return new WatchedFiles(what, files, initially, () -> {
            String taken = taking.take();
            next.run();
            return taken;
        });
    }

    /** Reads files and puts what they hold into force. */
    @FunctionalInterface
    interface Taking {
        /**
         * Called by one thread at a time, which may block.
         *
         * @return what is in force now, for the log; no secrets
         * @throws RefusedException when it cannot be used; then nothing has changed
         */
        String take() throws RefusedException;
    }
}
