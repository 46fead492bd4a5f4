package org.joveproxy.core.testing;

import java.time.Duration;
import org.joveproxy.core.config.TimeoutConfig;
import org.jspecify.annotations.Nullable;

/** Timeouts in milliseconds, some of them other than the defaults. Not thread-safe. */
public final class Timeouts {
    private @Nullable Duration clientSilence;
    private @Nullable Duration upstreamSilence;
    private Duration keepAlive = TimeoutConfig.defaults().keepAlive();
    private Duration requestHead = TimeoutConfig.defaults().requestHead();
    private Duration tlsHandshake = TimeoutConfig.defaults().tlsHandshake();
    private Duration waiting = TimeoutConfig.defaults().waiting();
    private @Nullable Duration stalled = TimeoutConfig.defaults().stalled();
    private @Nullable Duration tunnelIdle = TimeoutConfig.defaults().tunnelIdle();
    private Duration connect = TimeoutConfig.defaults().connect();
    private Duration upgradeHandshake = TimeoutConfig.defaults().upgradeHandshake();
    private Duration upstreamIdle = TimeoutConfig.defaults().upstreamIdle();
    private Duration halfClosed = TimeoutConfig.defaults().halfClosed();
    private Duration lingering = TimeoutConfig.defaults().lingering();
    private @Nullable Duration drainDelay = TimeoutConfig.defaults().drainDelay();
    private Duration drain = TimeoutConfig.defaults().drain();
    private @Nullable Duration youngRoute = TimeoutConfig.defaults().youngRoute();

    public Timeouts clientSilence(long millis) {
        clientSilence = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts upstreamSilence(long millis) {
        upstreamSilence = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts keepAlive(long millis) {
        keepAlive = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts requestHead(long millis) {
        requestHead = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts tlsHandshake(long millis) {
        tlsHandshake = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts waiting(long millis) {
        waiting = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts stalled(long millis) {
        stalled = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts tunnelIdle(long millis) {
        tunnelIdle = Duration.ofMillis(millis);
        return this;
    }

    /** Also for waiting, as it is without a flag of its own. */
    public Timeouts connect(long millis) {
        connect = Duration.ofMillis(millis);
        return waiting(millis);
    }

    public Timeouts upgradeHandshake(long millis) {
        upgradeHandshake = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts upstreamIdle(long millis) {
        upstreamIdle = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts halfClosed(long millis) {
        halfClosed = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts lingering(long millis) {
        lingering = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts drainDelay(long millis) {
        drainDelay = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts drain(long millis) {
        drain = Duration.ofMillis(millis);
        return this;
    }

    public Timeouts youngRoute(long millis) {
        youngRoute = Duration.ofMillis(millis);
        return this;
    }

    /** The settings as the proxy takes them. */
    public TimeoutConfig config() {
        return new TimeoutConfig(
                clientSilence,
                upstreamSilence,
                keepAlive,
                requestHead,
                tlsHandshake,
                waiting,
                connect,
                upgradeHandshake,
                stalled,
                tunnelIdle,
                upstreamIdle,
                halfClosed,
                lingering,
                drainDelay,
                drain,
                youngRoute);
    }
}
