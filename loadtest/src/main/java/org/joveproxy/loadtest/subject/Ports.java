package org.joveproxy.loadtest.subject;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Free ports of 127.0.0.1, below those that the kernel gives to outgoing connections, so that none is taken between being
 * found and being bound. Any thread may call it.
 */
public final class Ports {
    private static final int FIRST = 15_000;
    private static final int LAST = 31_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(RandomGenerator.getDefault().nextInt(FIRST, LAST));

    private Ports() {}

    public static int free() {
        for (int attempt = FIRST; attempt < LAST; attempt++) {
            int port = NEXT.getAndUpdate(n -> n + 1 < LAST ? n + 1 : FIRST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("free ports: 0 (expected: one from " + FIRST + " to " + LAST + ")");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(Loopback.port(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
