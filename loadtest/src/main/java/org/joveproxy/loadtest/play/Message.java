package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;

/**
 * What goes over a websocket: the client's message {@code number} asks for some replies of a size, and both sides know
 * every byte of what the other must send.
 */
final class Message {
    /** Bytes before the payload: number, replies or index, size of a reply. */
    static final int HEAD = 12;

    private Message() {}

    static void write(ByteBuf to, int number, int repliesOrIndex, int replySize, Payload payload) {
        to.writeInt(number).writeInt(repliesOrIndex).writeInt(replySize);
        long position = 0;
        while (position < payload.length()) {
            ByteBuf piece = payload.from(position, Integer.MAX_VALUE);
            position += piece.readableBytes();
            to.writeBytes(piece);
        }
    }

    /** What is wrong with a client's message; empty when nothing is. */
    static String complaintOfQuestion(ByteBuf message, String name) {
        if (message.readableBytes() < HEAD) {
            return "a message of " + message.readableBytes() + " bytes";
        }
        int number = message.getInt(message.readerIndex());
        return complaint(message, new Payload(name + number, message.readableBytes() - HEAD));
    }

    /** What is wrong with a server's message; empty when nothing is. */
    static String complaintOfReply(ByteBuf message, String name, int number, int size) {
        if (message.readableBytes() != HEAD + size) {
            return "a reply of " + message.readableBytes() + " bytes (expected: " + (HEAD + size) + ")";
        }
        int got = message.getInt(message.readerIndex());
        if (got != number) {
            return "reply to message " + got + " (expected: " + number + ")";
        }
        return complaint(message, reply(name, number, indexOfReply(message), size));
    }

    static Payload reply(String name, int number, int index, int size) {
        return new Payload(name + number + '/' + index, size);
    }

    static int indexOfReply(ByteBuf message) {
        return message.getInt(message.readerIndex() + 4);
    }

    private static String complaint(ByteBuf message, Payload expected) {
        Payload.Check check = expected.check();
        check.accept(message.slice(message.readerIndex() + HEAD, message.readableBytes() - HEAD));
        return check.complaint();
    }
}
