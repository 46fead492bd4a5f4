package org.joveproxy.loadtest.benchmark;

/** The benchmark cannot go on; the message says why. */
final class BenchmarkException extends Exception {
    private static final long serialVersionUID = 1;

    BenchmarkException(String message) {
        super(message);
    }
}
