package org.joveproxy.core.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a socket may stay in each phase of its life.
 *
 * <p>Immutable. Every duration is positive; the reaper acts within about 0.2 s of the limit.
 *
 * @param clientSilence how long a client may be silent in the middle of an exchange before its connection is dropped
 *     without an answer ({@code --timeout}), or null for no limit
 * @param upstreamSilence how long an upstream may be silent in the middle of an exchange before 503
 *     ({@code --proxy-timeout}), or null for no limit
 * @param keepAlive how long an idle client connection waits for its next request ({@code --keep-alive-timeout})
 * @param requestHead how long a client may take for one request head
 * @param tlsHandshake how long the TLS handshake of a client may take
 * @param waiting how long a request may wait for a connection to its upstream, connecting included
 * @param connect how long connecting to an upstream may take, name look-up and TLS included
 * @param upgradeHandshake how long an upstream may take to answer an upgrade
 * @param stalled how long a peer may take nothing of what waits for it, in any phase, or null for no limit
 * @param tunnelIdle how long a tunnel may carry nothing either way, or null for no limit
 * @param upstreamIdle how long an unused upstream connection is kept for reuse
 * @param halfClosed how long a tunnel lives on after one side closed
 * @param lingering how long a refused request's body is read and thrown away so that the client sees the answer
 * @param drainDelay how long clients are still accepted and served after the order to stop, or null for not at all
 * @param drain how long requests in hand may take to finish after that
 * @param youngRoute for how long after a route was added its requests wait for a server that refuses connections, or null
 *     for not at all
 */
public record TimeoutConfig(
        @Nullable Duration clientSilence,
        @Nullable Duration upstreamSilence,
        Duration keepAlive,
        Duration requestHead,
        Duration tlsHandshake,
        Duration waiting,
        Duration connect,
        Duration upgradeHandshake,
        @Nullable Duration stalled,
        @Nullable Duration tunnelIdle,
        Duration upstreamIdle,
        Duration halfClosed,
        Duration lingering,
        @Nullable Duration drainDelay,
        Duration drain,
        @Nullable Duration youngRoute) {
    /** What holds when no flag is given. */
    public static TimeoutConfig defaults() {
        return new TimeoutConfig(
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(120),
                null,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                null,
                Duration.ofSeconds(1),
                null);
    }

    /** Whether websockets are told of the end one after the other: there is more time for it than nobody has asked for. */
    public boolean spreadsDrain() {
        return drain.compareTo(defaults().drain()) > 0;
    }

    /**
     * How long an upstream may be silent after a request to upgrade: the shorter of the two limits that hold then.
     *
     * @param silence how long it may be silent at any time, or null for no limit
     */
    public Duration upgradeSilence(@Nullable Duration silence) {
        return silence != null && silence.compareTo(upgradeHandshake) < 0 ? silence : upgradeHandshake;
    }
}
