package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Where the body of an answer goes. Confined to the play's loop. */
interface BodySink {
    /** Takes the next piece, which stays the caller's. */
    void accept(ByteBuf piece);

    /** What is wrong with the whole body, to be asked at its end; empty when nothing is. */
    String complaint();

    /** A body that is nobody's business. */
    static BodySink ignoring() {
        return new BodySink() {
            @Override
            public void accept(ByteBuf piece) {}

            @Override
            public String complaint() {
                return "";
            }
        };
    }

    /** Hands each piece on as text. */
    static BodySink text(Consumer<String> reader) {
        return new BodySink() {
            @Override
            public void accept(ByteBuf piece) {
                reader.accept(piece.toString(StandardCharsets.UTF_8));
            }

            @Override
            public String complaint() {
                return "";
            }
        };
    }
}
