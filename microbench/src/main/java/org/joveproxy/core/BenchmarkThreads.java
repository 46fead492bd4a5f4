package org.joveproxy.core;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of the kind that event loops have, for which Netty keeps buffers and other objects at hand. On any other thread
 * the same code would cost more. JMH makes it by its name.
 */
public final class BenchmarkThreads extends ThreadPoolExecutor {
    /** As many threads as JMH wants; they take {@code prefix} into their names. */
    public BenchmarkThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(prefix, true));
    }
}
