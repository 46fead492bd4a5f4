package org.joveproxy.core.downstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureClassifier;
import org.joveproxy.core.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that cannot be understood, or that another server could understand in another way (RFC 9112 11.2).
 *
 * <p>The decoder has refused the rest before: lengths that contradict each other, length beside chunks, bare line feeds,
 * continued fields, characters that fields may not have. Any thread may call any method.
 */
final class RequestGate {
    // The websocket drafts before RFC 6455 sent eight bytes behind a head that does not announce them.
    private static final AsciiString DRAFT_WEBSOCKET = AsciiString.cached("sec-websocket-key1");

    private RequestGate() {}

    /** Why {@code request} is refused, or null when it may pass. */
    static @Nullable Failure check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return FailureClassifier.whileDecodingRequest(
                    request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1 || version.minorVersion() > 1) {
            return malformed(version.text());
        }
        if (!isTargetForm(request.uri())) {
            return malformed("a target that is neither a path nor a URL");
        }
        if (hasControlCharacter(request.uri())) {
            return malformed("a control character in the target");
        }
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && version.minorVersion() == 1)) {
            return malformed(hosts.size() + " Host fields");
        }
        if (HttpMethod.CONNECT.equals(request.method())) {
            return malformed("CONNECT");
        }
        if (headers.contains(DRAFT_WEBSOCKET)) {
            return malformed("a websocket of a draft");
        }
        String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (coding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.trim())) {
            return malformed("a transfer coding other than chunked");
        }
        return null;
    }

    /** RFC 9112 3.2, without the form of CONNECT. */
    private static boolean isTargetForm(String target) {
        return target.startsWith("/") || target.equals("*") || target.contains("://");
    }

    private static boolean hasControlCharacter(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c < ' ' || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static Failure malformed(String what) {
        return new Failure(FailureKind.MALFORMED_REQUEST, what);
    }
}
