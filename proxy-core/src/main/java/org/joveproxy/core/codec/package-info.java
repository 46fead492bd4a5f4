/**
 * HTTP/1 heads as they are on the wire.
 *
 * <p>Nearly all heads are plain: each line well-formed, nothing that two readers could understand in two ways. {@link
 * org.joveproxy.core.codec.PlainHead} reads those in one pass and keeps the bytes, and they are passed on as they came,
 * without an object, a copy or a check for each field. Whatever is not plain is left to Netty's decoders, which have the
 * last word on what is refused.
 */
@NullMarked
package org.joveproxy.core.codec;

import org.jspecify.annotations.NullMarked;
