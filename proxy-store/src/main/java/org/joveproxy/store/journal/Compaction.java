package org.joveproxy.store.journal;

import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * Keeps a file small: a little after each commit, and only when most of a large file is waste.
 *
 * <p>Confined to one thread at a time.
 */
final class Compaction {
    private static final long SMALL_BYTES = 8 << 20;
    private static final int WASTEFUL_BELOW_PERCENT = 25;
    private static final int LOOK_EVERY = 16;
    private static final int STEP_BYTES = 256 << 10;
    private static final int MAX_STEP_BYTES = 16 << 20;

    private final MVStore store;
    private int commits;
    private int stepBytes = STEP_BYTES;

    Compaction(MVStore store) {
        this.store = store;
    }

    /** Writes some of what is worth keeping in nearly empty parts of the file anew; it becomes part of the next commit. */
    void step() {
        if (++commits % LOOK_EVERY == 0 && isWasteful()) {
            // A part that holds more than one step may move is left alone, so nothing to move means to try with more.
            boolean hasMoved = store.compact(100, stepBytes);
            stepBytes = hasMoved ? STEP_BYTES : Math.min(2 * stepBytes, MAX_STEP_BYTES);
        }
    }

    private boolean isWasteful() {
        FileStore<?> file = store.getFileStore();
        return file.size() > SMALL_BYTES
                && (long) file.getFillRate() * file.getChunksFillRate() < 100L * WASTEFUL_BELOW_PERCENT;
    }
}
