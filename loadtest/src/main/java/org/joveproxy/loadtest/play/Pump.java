package org.joveproxy.loadtest.play;

import io.netty.channel.Channel;

/** Sends a payload piece by piece, as fast as the socket takes it. Confined to the play's loop. */
final class Pump {
    private static final int PIECE = 65_536;

    private final Channel channel;
    private final Payload payload;
    private final Runnable whenSent;
    private long position;
    private boolean isDone;

    Pump(Channel channel, Payload payload, Runnable whenSent) {
        this.channel = channel;
        this.payload = payload;
        this.whenSent = whenSent;
    }

    /** Writes what the socket takes now; to be called again whenever it can take more. */
    void go() {
        if (isDone) {
            return;
        }
        while (position < payload.length() && channel.isWritable()) {
            var piece = payload.from(position, PIECE);
            position += piece.readableBytes();
            channel.write(piece, channel.voidPromise());
        }
        isDone = position >= payload.length();
        channel.flush();
        if (isDone) {
            whenSent.run();
        }
    }

    boolean isDone() {
        return isDone;
    }
}
