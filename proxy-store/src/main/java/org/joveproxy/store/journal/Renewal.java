package org.joveproxy.store.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A new file that is made of the old one piece by piece while changes go on, each of which is written to both.
 *
 * <p>Confined to one thread at a time.
 */
final class Renewal {
    private static final int PIECE = 200;
    // The fewer commits a file was made of, the less each later one has to say of them.
    private static final int PIECES_A_COMMIT = 10;

    private final JournalDirectory directory;
    private final RouteFile old;
    private final RouteFile file;
    private @Nullable String last;
    private int pieces;

    /** Begins one of {@code old}; whoever changes that from now on has to change {@link #file} too. */
    Renewal(JournalDirectory directory, String defaultTarget, RouteFile old) throws IOException {
        this.directory = directory;
        this.old = old;
        this.file = RouteFile.begin(directory, defaultTarget);
    }

    RouteFile file() {
        return file;
    }

    /** Writes one piece. Returns whether that was the last, and the new file is in the place of the old one. */
    boolean step() throws IOException {
        last = old.copyPiece(last, PIECE, file);
        if (last == null) {
            file.finish(directory);
            return true;
        }
        if (++pieces % PIECES_A_COMMIT == 0) {
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
