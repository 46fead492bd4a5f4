package org.joveproxy.loadtest.play;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one event loop of a play.
 *
 * <p>Epoll only: a user's sockets need {@code IP_BIND_ADDRESS_NO_PORT}, or they would take the ephemeral ports that are
 * the proxy's. Any thread may call any method.
 */
public final class PlayLoop implements AutoCloseable {
    private static final int BEAT_MILLIS = 50;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private long lastBeat = System.nanoTime();
    private long longestStall;

    /** Starts the loop's thread. */
    public PlayLoop() {
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("play", true), EpollIoHandler.newFactory());
        loop = group.next();
        loop.scheduleAtFixedRate(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        long now = System.nanoTime();
        longestStall = Math.max(longestStall, now - lastBeat - TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS));
        lastBeat = now;
    }

    /** The longest that this loop ever kept everybody waiting: then what took long was not the proxy. On the loop only. */
    long longestStallMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestStall);
    }

    /** The loop, for sockets. */
    EventLoop eventLoop() {
        return loop;
    }

    /** Runs {@code action} on the loop, some time soon. */
    public void run(Runnable action) {
        loop.execute(action);
    }

    /** Runs {@code action} on the loop after a delay. */
    public void after(Duration delay, Runnable action) {
        loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs {@code action} on the loop again and again, with {@code pause} between, until {@link #close}. */
    void every(Duration pause, Runnable action) {
        loop.scheduleWithFixedDelay(action, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs {@code question} on the loop and waits for what it says. Not to be called on the loop. */
    public <T> T ask(Callable<T> question) throws InterruptedException {
        try {
            return loop.submit(question).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the play failed", e.getCause());
        }
    }

    /** Runs {@code action} on the loop and waits until it is done. Not to be called on the loop. */
    public void await(Runnable action) throws InterruptedException {
        ask(() -> {
            action.run();
            return true;
        });
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
