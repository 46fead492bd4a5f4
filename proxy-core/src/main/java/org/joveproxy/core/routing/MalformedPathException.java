package org.joveproxy.core.routing;

/**
 * A path that a client sent cannot be decoded. It is the client's fault, so it carries no stack.
 *
 * <p>Immutable.
 */
public final class MalformedPathException extends Exception {
    MalformedPathException(String path, String expected) {
        super("path: " + path + " (expected: " + expected + ")", null, false, false);
    }
}
