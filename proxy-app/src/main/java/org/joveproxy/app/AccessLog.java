package org.joveproxy.app;

import io.netty.util.internal.PlatformDependent;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.joveproxy.core.observe.ExchangeReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line about each request that is over.
 *
 * <p>Any thread may call {@link #accept}, which never waits: it keeps what the line needs in a bounded queue. A thread of
 * its own makes lines of it ten times a second. What finds the queue full, or cannot be written, is counted, and the
 * ordinary log tells how many.
 */
final class AccessLog implements Consumer<ExchangeReport>, AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(AccessLog.class);

    /** What 80,000 requests a second fill between two looks; with long paths some megabytes. */
    static final int QUEUE_LENGTH = 8192;

    private static final int PACE_MILLIS = 100;
    private static final int LINES_AT_ONCE = 256;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_LIMIT_MILLIS = 1000;

    // Many loops add and one thread takes out: no lock, at which a loop could have to wait for another.
    private final Queue<AccessLine> queue = PlatformDependent.newFixedMpscQueue(QUEUE_LENGTH);
    private final AtomicLong missing = new AtomicLong();
    private final ScheduledThreadPoolExecutor writer = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "jove-access-log");
        thread.setDaemon(true);
        return thread;
    });
    private final @Nullable Path file;
    private final AccessLine.Form form;

    // Only the writer's, once it runs.
    private OutputStream out;
    private @Nullable String lastFailure;
    private long toldAt = System.nanoTime() - TELL_NANOS;

    private AccessLog(@Nullable Path file, AccessLine.Form form, OutputStream out) {
        this.file = file;
        this.form = form;
        this.out = out;
    }

    /**
     * Begins to write as {@code settings} say.
     *
     * @throws IOException when the file cannot be opened; the message names it
     */
    static AccessLog open(Settings.RequestLog settings) throws IOException {
        AccessLine.Form form = settings.isJson() ? new AccessLine.Json() : new AccessLine.Text();
        OutputStream out = settings.file() == null ? System.out : append(settings.file());
        return start(new AccessLog(settings.file(), form, out));
    }

    /** Writes lines of text to {@code out}, for tests. */
    static AccessLog to(OutputStream out) {
        return start(new AccessLog(null, new AccessLine.Text(), out));
    }

    private static AccessLog start(AccessLog log) {
        log.writer.scheduleWithFixedDelay(log::write, PACE_MILLIS, PACE_MILLIS, TimeUnit.MILLISECONDS);
        return log;
    }

    private static OutputStream append(Path file) throws IOException {
        try {
            return new FileOutputStream(file.toFile(), true);
        } catch (IOException e) {
            throw new IOException("cannot write the access log: " + e.getMessage(), e);
        }
    }

    @Override
    public void accept(ExchangeReport report) {
        add(AccessLine.of(report, System.currentTimeMillis()));
    }

    void add(AccessLine line) {
        if (!queue.offer(line)) {
            missing.incrementAndGet();
        }
    }

    /** Opens the file anew, which somebody may have moved away. Does not wait for it. */
    void reopen() {
        if (file != null) {
            try {
                writer.execute(() -> reopen(file));
            } catch (RejectedExecutionException e) {
                // The end has come in between; all is written.
            }
        }
    }

    // ---- the writer ----

    private void reopen(Path named) {
        write();
        OutputStream before = out;
        try {
            out = append(named);
            before.close();
            logger.info("Opened the access log {} again", named);
        } catch (IOException e) {
            logger.warn("Writing on where the access log was: {}", e.getMessage());
        }
    }

    /** Writes all that has come. */
    private void write() {
        try {
            StringBuilder lines = new StringBuilder();
            int count = 0;
            for (AccessLine line = queue.poll(); line != null; line = queue.poll()) {
                form.append(line, lines);
                count++;
                if (count == LINES_AT_ONCE) {
                    write(lines, count);
                    count = 0;
                }
            }
            if (count > 0) {
                write(lines, count);
            }
            tellWhatIsMissing();
        } catch (RuntimeException e) {
            // An exception would end the schedule.
            logger.error("Cannot write the access log", e);
        }
    }

    private void write(StringBuilder lines, int count) {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        lines.setLength(0);
        try {
            out.write(bytes, 0, bytes.length);
            out.flush();
        } catch (IOException e) {
            missing.addAndGet(count);
            lastFailure = e.getMessage();
        }
    }

    private void tellWhatIsMissing() {
        long now = System.nanoTime();
        if (missing.get() > 0 && now - toldAt >= TELL_NANOS) {
            toldAt = now;
            long lines = missing.getAndSet(0);
            String why = lastFailure == null ? "they came faster than they could be written" : lastFailure;
            lastFailure = null;
            logger.warn("{} requests are missing in the access log: {}", lines, why);
        }
    }

    /** Writes what is there, for a second at most. */
    @Override
    public void close() throws IOException {
        try {
            writer.execute(this::write);
            writer.shutdown();
            boolean isWritten = writer.awaitTermination(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            if (!isWritten) {
                logger.warn("The last lines of the access log could not be written in time");
            } else if (file != null) {
                out.close();
            }
        } catch (RejectedExecutionException e) {
            // Closed already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
