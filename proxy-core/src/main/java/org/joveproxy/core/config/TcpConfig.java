package org.joveproxy.core.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel is told about connected TCP sockets: how a peer that has vanished is found.
 *
 * <p>Immutable.
 *
 * @param keepAlive when and how often the kernel asks a silent peer whether it is still there, or null not to ask
 * @param userTimeout how long sent bytes may stay unacknowledged, and a peer's window closed, before the kernel gives the
 *     connection up; null for the kernel's own limit. Only the epoll transport can set it.
 */
public record TcpConfig(
        @Nullable KeepAlive keepAlive, @Nullable Duration userTimeout) {
    /**
     * The kernel's questions to a silent peer. Whoever leaves all of them unanswered is gone.
     *
     * @param idleSeconds silence before the first question, at least 1
     * @param intervalSeconds from one question to the next, at least 1
     * @param count questions, at least 1
     */
    public record KeepAlive(int idleSeconds, int intervalSeconds, int count) {
        /** Checks that each number is at least 1. */
        public KeepAlive {
            requireAtLeastOne("idleSeconds", idleSeconds);
            requireAtLeastOne("intervalSeconds", intervalSeconds);
            requireAtLeastOne("count", count);
        }

        /** After how much silence a peer that is gone is given up. */
        public Duration total() {
            return Duration.ofSeconds(idleSeconds + (long) intervalSeconds * count);
        }
    }

    /** What holds when no flag is given: a vanished peer is found after two minutes, silent or not. */
    public static TcpConfig defaults() {
        KeepAlive keepAlive = new KeepAlive(60, 15, 4);
        return new TcpConfig(keepAlive, keepAlive.total());
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
