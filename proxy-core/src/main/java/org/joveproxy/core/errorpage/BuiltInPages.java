package org.joveproxy.core.errorpage;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * The pages for which no file and no server is needed.
 *
 * <p>Any thread may call any method.
 */
final class BuiltInPages {
    private static final String PAGE = """
            <!doctype html>
            <html>
              <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$d: %2$s</title>
              </head>
              <body>
                <h1>%1$d: %2$s</h1>
                <p>%3$s</p>
              </body>
            </html>
            """;

    private BuiltInPages() {}

    static ErrorPage of(int status) {
        String html = PAGE.formatted(status, HttpResponseStatus.valueOf(status).reasonPhrase(), explanation(status));
        return ErrorPage.of("text/html", null, html.getBytes(StandardCharsets.UTF_8));
    }

    static String explanation(int status) {
        return switch (status) {
            case 400 -> "The address of this page cannot be understood.";
            case 404 -> "There is nothing at this address.";
            case 503 -> "The server behind this address does not answer. It may be starting or stopped.";
            case 504 -> "The server behind this address did not answer in time.";
            default -> "The proxy could not serve this address.";
        };
    }
}
