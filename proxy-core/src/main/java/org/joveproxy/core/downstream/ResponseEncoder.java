package org.joveproxy.core.downstream;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Encodes the responses of one client connection, of which those to HEAD have no body whatever their fields say.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
final class ResponseEncoder extends HttpResponseEncoder {
    private boolean answersHead;

    /** Says whether the next final response answers a HEAD request. */
    void answersHead(boolean isHead) {
        answersHead = isHead;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return answersHead || super.isContentAlwaysEmpty(response);
    }
}
