package org.joveproxy.store.journal;

/** What is in the file is not what a journal writes, or no longer. */
final class UnreadableFileException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says in words for an operator what is wrong. */
    UnreadableFileException(String message) {
        super(message);
    }

    UnreadableFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
