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
    private Duration connect = TimeoutConfig.defaults().connect();
    private Duration upgradeHandshake = TimeoutConfig.defaults().upgradeHandshake();
    private Duration upstreamIdle = TimeoutConfig.defaults().upstreamIdle();
    private Duration halfClosed = TimeoutConfig.defaults().halfClosed();
    private Duration lingering = TimeoutConfig.defaults().lingering();
    private Duration drain = TimeoutConfig.defaults().drain();

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

    public Timeouts connect(long millis) {
        connect = Duration.ofMillis(millis);
        return this;
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

    public Timeouts drain(long millis) {
        drain = Duration.ofMillis(millis);
        return this;
    }

    /** The settings as the proxy takes them. */
    public TimeoutConfig config() {
        return new TimeoutConfig(
                clientSilence,
                upstreamSilence,
                keepAlive,
                requestHead,
                connect,
                upgradeHandshake,
                upstreamIdle,
                halfClosed,
                lingering,
                drain);
    }
}
