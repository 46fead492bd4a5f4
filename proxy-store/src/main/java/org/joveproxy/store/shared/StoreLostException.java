package org.joveproxy.store.shared;

/** The store cannot be used over the connections at hand. */
final class StoreLostException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says in words for an operator why. */
    StoreLostException(String message) {
        super(message);
    }
}
