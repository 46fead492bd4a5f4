package org.joveproxy.core.routing;

/** A route store cannot take changes for now; whoever wanted one may try again. */
public final class StoreUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says in words for an operator why. */
    public StoreUnavailableException(String message) {
        super(message);
    }
}
