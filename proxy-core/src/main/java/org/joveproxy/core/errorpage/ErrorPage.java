package org.joveproxy.core.errorpage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error answer.
 *
 * <p>Immutable.
 *
 * @param contentType the type that the answer names, or null for none
 * @param contentEncoding the encoding that the answer names, or null for none
 * @param body the bytes; read-only, and releasing them does nothing
 */
public record ErrorPage(
        @Nullable String contentType, @Nullable String contentEncoding, ByteBuf body) {
    /** A page of {@code bytes}, which must not be changed afterwards. */
    public static ErrorPage of(@Nullable String contentType, @Nullable String contentEncoding, byte[] bytes) {
        ByteBuf body = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes).asReadOnly());
        return new ErrorPage(contentType, contentEncoding, body);
    }

    /** The bytes with reader and writer indexes of their own. */
    public ByteBuf content() {
        return body.duplicate();
    }
}
