package org.joveproxy.loadtest.stage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A raw client that a scenario's own thread leads by the hand: it sends, waits and looks. Any thread may call any method,
 * except that an event loop must not call those that wait. It keeps at most {@link #MAX_KEPT} bytes of what it gets, and
 * counts all.
 */
public final class Client implements Script, AutoCloseable {
    private static final int MAX_KEPT = 64 << 10;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private @Nullable Wire wire;
    private long received;
    private boolean ended;
    private boolean closed;

    Client() {}

    synchronized void has(Wire newWire) {
        wire = newWire;
    }

    private synchronized Wire wire() {
        if (wire == null) {
            throw new IllegalStateException("client: not connected");
        }
        return wire;
    }

    @Override
    public synchronized void received(Wire from, byte[] bytes) {
        received += bytes.length;
        if (kept.size() < MAX_KEPT) {
            kept.write(bytes, 0, Math.min(bytes.length, MAX_KEPT - kept.size()));
        }
        notifyAll();
    }

    @Override
    public synchronized void ended(Wire from) {
        ended = true; // and stays open until the scenario closes it
        notifyAll();
    }

    @Override
    public synchronized void closed(Wire from) {
        closed = true;
        notifyAll();
    }

    public void send(String text) {
        wire().send(text);
    }

    public void send(byte[] bytes) {
        wire().send(bytes);
    }

    /**
     * Sends {@code piece} again and again, never more than the kernel takes.
     *
     * @return how many bytes were sent when {@code bytes} were reached, {@code limit} was over or the connection had ended
     */
    public long sendUpTo(byte[] piece, long bytes, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long sent = 0;
        while (sent < bytes && System.nanoTime() < deadline && !isOver()) {
            if (isWritable()) {
                send(piece);
                sent += piece.length;
            } else {
                Thread.sleep(5);
            }
        }
        return sent;
    }

    public void fin() {
        wire().fin();
    }

    /** Leaves by RST. Waits until the socket is closed. */
    public void reset() {
        wire().reset();
        wire().awaitClosed();
    }

    public void stopReading() {
        wire().stopReading();
    }

    public boolean isWritable() {
        return wire().isWritable();
    }

    /** Leaves by FIN, or by RST when bytes lie unread. Waits until the socket is closed. */
    @Override
    public void close() {
        wire().close();
        wire().awaitClosed();
    }

    /** What came so far, as ISO-8859-1. */
    public synchronized String text() {
        return kept.toString(StandardCharsets.ISO_8859_1);
    }

    /** How many bytes came so far. */
    public synchronized long received() {
        return received;
    }

    /** Whether the proxy has ended the connection, by FIN or RST. */
    public synchronized boolean isOver() {
        return ended || closed;
    }

    /** The status of the first answer, or 0 as long as its first line has not come. */
    public synchronized int status() {
        String text = text();
        if (text.length() < 12 || !text.startsWith("HTTP/1.")) {
            return 0;
        }
        try {
            return Integer.parseInt(text.substring(9, 12));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Waits for the first line of an answer. Returns the status, or 0 when none came within {@code limit}. */
    public int awaitStatus(Duration limit) throws InterruptedException {
        await(() -> status() != 0 || isOver(), limit);
        return status();
    }

    /** Waits until the proxy has ended the connection. Returns whether it has. */
    public boolean awaitOver(Duration limit) throws InterruptedException {
        return await(this::isOver, limit);
    }

    /** Waits until {@code condition}, which looks at this client only, is true. Returns whether it is. */
    public boolean awaitTrue(BooleanSupplier condition, Duration limit) throws InterruptedException {
        return await(condition, limit);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
