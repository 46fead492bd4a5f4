package org.joveproxy.core.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Decodes the responses of one upstream connection, on which one request is answered at a time.
 *
 * <p>Confined to the connection's event loop.
 */
@EventLoopConfined
final class ResponseDecoder extends HttpResponseDecoder {
    private boolean answersHead;

    ResponseDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(Integer.MAX_VALUE));
    }

    /** Says whether the next final response answers a HEAD request and so has no body whatever its fields say. */
    void expectAnswerToHead(boolean isHead) {
        answersHead = isHead;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        if (message instanceof HttpResponse response
                && (answersHead || response.status().codeClass() == HttpStatusClass.INFORMATIONAL)) {
            return true;
        }
        return super.isContentAlwaysEmpty(message);
    }
}
