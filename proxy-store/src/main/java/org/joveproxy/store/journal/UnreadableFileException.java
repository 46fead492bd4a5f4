package org.joveproxy.store.journal;

import org.jspecify.annotations.Nullable;

/** What is in the file is not what a journal writes, or no longer. */
final class UnreadableFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isDamaged;

    private UnreadableFileException(String message, boolean isDamaged, @Nullable Throwable cause) {
        super(message, cause);
        this.isDamaged = isDamaged;
    }

    /** Of a file that somebody else has written, or a version of the proxy that this one does not know. */
    static UnreadableFileException foreign(String message) {
        return new UnreadableFileException(message, false, null);
    }

    /** Of a file of which something is missing or wrong. */
    static UnreadableFileException damaged(String message, @Nullable Throwable cause) {
        return new UnreadableFileException(message, true, cause);
    }

    /** Whether an earlier state of the file may be whole. */
    boolean isDamaged() {
        return isDamaged;
    }
}
