package org.joveproxy.loadtest.play;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param headers further header lines, each ended by CR LF
 * @param upload the body, or null
 * @param text the body where it is short ASCII text; empty for none
 * @param sink where the body of an answer goes whose status is 2xx; other bodies are dropped
 * @param patienceNanos the client leaves after this time
 * @param whenDone told once how it ended
 */
record Request(
        String method,
        String path,
        String headers,
        @Nullable Payload upload,
        String text,
        BodySink sink,
        long patienceNanos,
        Consumer<Reply> whenDone) {}
