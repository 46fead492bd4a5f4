package org.joveproxy.core.upstream;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import org.joveproxy.core.failure.Failure;

/** Hears what an upstream answers to one request. Called on the connection's event loop. */
public interface ResponseListener {
    /** A response head that is not the final one (1xx except 101). */
    void informational(HttpResponse head);

    /** The final response head, or 101. */
    void responseHead(HttpResponse head);

    /** A piece of the body; the last one is a {@code LastHttpContent}. The listener releases it or passes it on. */
    void responseBody(HttpContent content);

    /** Nothing more to read for now: what was written on should be flushed. */
    void responsePaused();

    /** The upstream takes bytes again, or no longer. */
    void upstreamWritabilityChanged();

    /** The response will not come, or not to its end. The connection is closed. Nothing more is heard. */
    void upstreamFailed(Failure why);
}
