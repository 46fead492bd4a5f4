package org.joveproxy.core;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.joveproxy.core.threading.Transport;

/**
 * A socket without a kernel: what it receives and what it sends stays in memory. Its clock stands still, so that no regular
 * task of the loop falls into a measurement, and deadlines never come.
 *
 * <p>Confined to one thread, which is its event loop.
 */
public final class EmbeddedSocket {
    // What the first read of a connection allocates; a pooled buffer costs the same whatever its size.
    private static final int READ_BYTES = 2048;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** A socket with an empty pipeline, and with buffers from where the proxy's come from. */
    public EmbeddedSocket() {
        channel.freezeTime();
        channel.config().setAllocator(Transport.BUFFERS);
    }

    public EmbeddedChannel channel() {
        return channel;
    }

    /** Has the socket read {@code bytes}, all there is to read for now. */
    public void receive(byte[] bytes) {
        ByteBuf read = channel.alloc().ioBuffer(READ_BYTES).writeBytes(bytes);
        channel.pipeline().fireChannelRead(read);
        channel.pipeline().fireChannelReadComplete();
    }

    /**
     * Takes what was sent since the last time and returns how many bytes that is.
     *
     * @throws IllegalStateException when it is nothing: then something else was measured than is meant
     */
    public int takeSent() {
        int bytes = 0;
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            bytes += sent.readableBytes();
            sent.release();
        }
        if (bytes == 0) {
            throw new IllegalStateException("nothing was sent");
        }
        return bytes;
    }
}
