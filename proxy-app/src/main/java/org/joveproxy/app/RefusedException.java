package org.joveproxy.app;

/**
 * Says in one line for the operator why what a file holds now cannot be used.
 *
 * <p>Immutable.
 */
final class RefusedException extends Exception {
    RefusedException(String message) {
        super(message);
    }

    RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
