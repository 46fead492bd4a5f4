package org.joveproxy.loadtest.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Looks at a process and its children once a second, and whenever it is asked to, and keeps what it saw.
 *
 * <p>Any thread may call any method. The samples are guarded by this object's monitor; at most {@link #MAX_SAMPLES} are
 * kept, after which every second one is dropped and the interval doubles.
 */
public final class Watcher implements AutoCloseable {
    private static final int MAX_SAMPLES = 7200;

    private final long pid;
    private final Supplier<Side> sides;
    private final long began = System.nanoTime();
    private final List<Sample> samples = new ArrayList<>();
    private final Thread thread;
    private volatile Consumer<Sample> listener = sample -> {};
    private volatile boolean closed;
    private long intervalNanos;
    private long lastLook;
    private double lastCpuSeconds;

    /**
     * @param sides asked at every look, as servers come and go
     * @param interval between two looks, at least 100 ms
     */
    public Watcher(long pid, Supplier<Side> sides, Duration interval) {
        if (interval.toMillis() < 100) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: >= 100 ms)");
        }
        this.pid = pid;
        this.sides = sides;
        this.intervalNanos = interval.toNanos();
        this.thread = new Thread(this::watch, "watcher-" + pid);
        thread.setDaemon(true);
        look();
        thread.start();
    }

    /** Has {@code listener} called with each regular sample, on the watcher's thread. */
    public void onSample(Consumer<Sample> newListener) {
        listener = newListener;
    }

    /** Seconds since this watcher began. */
    public double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Looks now. The sample is kept like the regular ones. */
    public synchronized Sample look() {
        long now = System.nanoTime();
        long rss = 0;
        long threads = 0;
        double cpu = 0;
        int descriptors = 0;
        Set<Long> inodes = new HashSet<>();
        for (long process : ProcessTree.of(pid)) {
            ProcessFiles files = new ProcessFiles(process);
            rss += files.rssKib();
            threads += files.threads();
            cpu += files.cpuTime().seconds();
            ProcessFiles.Descriptors held = files.descriptors();
            descriptors += held.count();
            inodes.addAll(held.sockets());
        }
        Side side = sides.get();
        List<TcpSocket> own = new ArrayList<>();
        List<TcpSocket> waiting = new ArrayList<>();
        for (TcpSocket socket : TcpTable.of(pid)) {
            if (inodes.remove(socket.inode())) {
                own.add(socket);
            } else if (socket.state() == TcpState.TIME_WAIT && !side.of(socket).equals(Side.OTHER)) {
                waiting.add(socket);
            }
        }
        Set<Long> unix = new HashSet<>(UnixTable.inodes(pid));
        unix.retainAll(inodes);
        int closed = inodes.size() - unix.size();
        double percent = lastLook == 0 ? 0 : 100 * Math.max(0, cpu - lastCpuSeconds) / ((now - lastLook) / 1e9);
        lastLook = now;
        lastCpuSeconds = cpu;
        Sample sample = new Sample(
                (now - began) / 1e9,
                rss,
                cpu,
                percent,
                threads,
                descriptors,
                SocketCount.of(own, side, closed),
                unix.size(),
                SocketCount.of(waiting, side, 0));
        keep(sample);
        return sample;
    }

    private void keep(Sample sample) {
        samples.add(sample);
        if (samples.size() > MAX_SAMPLES) {
            List<Sample> kept = new ArrayList<>();
            for (int i = 0; i < samples.size(); i += 2) {
                kept.add(samples.get(i));
            }
            samples.clear();
            samples.addAll(kept);
            intervalNanos *= 2;
        }
    }

    /** Looks ten times a second until {@code settled} holds or {@code limit} is over. Returns what it saw last. */
    public Sample await(Predicate<Sample> settled, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        Sample sample = look();
        while (!settled.test(sample)
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            sample = look();
        }
        return sample;
    }

    /** All that was seen so far, oldest first. */
    public synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(interval());
            if (!closed) {
                listener.accept(look());
            }
        }
    }

    private synchronized long interval() {
        return intervalNanos;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
