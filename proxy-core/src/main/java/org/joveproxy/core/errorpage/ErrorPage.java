package org.joveproxy.core.errorpage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error answer.
 *
 * <p>Immutable; the bytes are not to be changed.
 *
 * @param contentType the type that the answer names, or null for none
 * @param contentEncoding the encoding that the answer names, or null for none
 */
public record ErrorPage(
        @Nullable String contentType, @Nullable String contentEncoding, byte[] body) {
    /** The body as a buffer of its own; it needs no release. */
    public ByteBuf content() {
        return Unpooled.wrappedBuffer(body);
    }
}
