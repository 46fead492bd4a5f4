package org.joveproxy.store.journal;

import java.io.IOException;
import java.util.List;
import org.joveproxy.core.routing.RouteTable;
import org.jspecify.annotations.Nullable;

/**
 * A new file that is made piece by piece, in the order of the paths, while changes go on: they are kept in the old file, and
 * those of paths that have been copied follow into the new one.
 *
 * <p>Confined to one thread at a time.
 */
final class Renewal {
    // A change waits for one piece at most.
    private static final int PIECE = 200;
    // Fewer commits would make a change wait longer, more make the new file longer.
    private static final int PIECES_A_COMMIT = 10;

    private final JournalDirectory directory;
    private final RouteFile old;
    private final RouteTable table;
    private final RouteFile file;
    private @Nullable String last;
    private int pieces;

    /** Begins one of {@code old}; whoever changes that from now on has to let this {@link #follow}. */
    Renewal(JournalDirectory directory, String defaultTarget, RouteFile old, RouteTable table) throws IOException {
        this.directory = directory;
        this.old = old;
        this.table = table;
        this.file = old.beginNext(directory, defaultTarget);
    }

    RouteFile file() {
        return file;
    }

    /** Follows {@code changes} that the old file has already. */
    void follow(List<Change> changes) {
        for (Change change : changes) {
            // Others are copied when it is their turn, at least as new as they are here.
            if (last != null && change.path().compareTo(last) <= 0) {
                file.write(change);
            }
        }
    }

    /** Writes one piece. Returns whether that was the last, and the new file is in the place of the old one. */
    boolean step() throws IOException {
        String copied = old.copyPiece(last, PIECE, table, file);
        if (copied == null) {
            file.finish(directory);
            return true;
        }
        last = copied;
        pieces++;
        if (pieces % PIECES_A_COMMIT == 0) {
            file.flush();
        }
        return false;
    }

    /** Gives up the new file. */
    void abandon() {
        file.abandon();
        directory.dropNewFile();
    }
}
