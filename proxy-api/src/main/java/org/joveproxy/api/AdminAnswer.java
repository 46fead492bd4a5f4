package org.joveproxy.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * An answer of the REST API.
 *
 * <p>Immutable.
 *
 * @param explanation what the log says about it; empty for the usual
 */
record AdminAnswer(int status, String body, Map<CharSequence, CharSequence> headers, String explanation) {
    /** Copies the headers. */
    AdminAnswer {
        headers = Map.copyOf(headers);
    }

    /** Without a body. */
    static AdminAnswer empty(int status) {
        return new AdminAnswer(status, "", Map.of(), "");
    }

    /** A 200 with {@code json}. */
    static AdminAnswer json(String json) {
        return new AdminAnswer(200, json, Map.of(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON), "");
    }

    /** A 200 with a page of text. */
    static AdminAnswer page(String contentType, String text) {
        return new AdminAnswer(200, text, Map.of(HttpHeaderNames.CONTENT_TYPE, contentType), "");
    }

    /** A failure whose body is the status in words. */
    static AdminAnswer failure(int status) {
        return new AdminAnswer(status, HttpResponseStatus.valueOf(status).reasonPhrase(), Map.of(), "");
    }

    /** A failure whose body and log line say {@code why}. */
    static AdminAnswer failure(int status, String why) {
        return new AdminAnswer(status, why, Map.of(), why);
    }

    /** A failure that will be over before long; the body and the log line say {@code why}. */
    static AdminAnswer tryAgain(String why) {
        return new AdminAnswer(503, why, Map.of(HttpHeaderNames.RETRY_AFTER, "1"), why);
    }

    /** The refusal of a method, which names those that {@code allowed} lists. */
    static AdminAnswer methodNotSupported(String allowed) {
        String why = "Method not supported";
        return new AdminAnswer(405, why, Map.of(HttpHeaderNames.ALLOW, allowed), why);
    }
}
