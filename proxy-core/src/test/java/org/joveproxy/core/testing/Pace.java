package org.joveproxy.core.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The pace of a scripted peer. It is never a means to wait for the proxy, for which a test has conditions. */
public final class Pace {
    private Pace() {}

    /** Does nothing for {@code millis}. */
    public static void millis(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Leaves the peer's end unanswered until the socket is closed by somebody else. */
    public static void untilClosed(RawClient connection) throws IOException {
        while (!connection.socket().isClosed()) {
            millis(20);
        }
    }
}
