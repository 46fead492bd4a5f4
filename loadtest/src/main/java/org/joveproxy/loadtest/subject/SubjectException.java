package org.joveproxy.loadtest.subject;

/** A subject that did not start: nothing can be said about it. */
public final class SubjectException extends Exception {
    private static final long serialVersionUID = 1;

    public SubjectException(String message) {
        super(message);
    }

    public SubjectException(String message, Throwable cause) {
        super(message, cause);
    }
}
