package org.joveproxy.core.errorpage;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * Whether an error answer is a page for people or JSON for a program, and whether it names its reason.
 *
 * <p>Immutable; any thread may call any method.
 */
public enum ErrorFormat {
    /** Pages for everybody, and no word about the reason, as CHP does it. */
    PAGES,
    /** JSON for programs, pages for the rest, and the reason in a field for both. */
    NEGOTIATED;

    // Where JupyterHub's own paths have their APIs, behind whatever base URL.
    private static final Pattern API_OF_HUB =
            Pattern.compile("/(?:hub|user/[^/]++(?:/[^/]++)?|services/[^/]++)/api(?:/|$)");

    private static final Map<FailureKind, ErrorPage> JSON = json();

    /** What the client accepts, to be asked before the head changes on its way to the upstream; null if it does not matter. */
    public @Nullable String accepted(HttpHeaders headers) {
        if (this == PAGES) {
            return null;
        }
        List<String> lines = headers.getAll(HttpHeaderNames.ACCEPT);
        return lines.isEmpty() ? "" : String.join(",", lines);
    }

    /**
     * The JSON about {@code why} if a program asks, or null when a page is wanted.
     *
     * @param accepted what {@link #accepted} was
     * @param path the path by which the request was routed
     * @param route what it was routed to, or null
     */
    public @Nullable ErrorPage json(FailureKind why, @Nullable String accepted, String path, @Nullable Route route) {
        if (accepted == null) {
            return null;
        }
        AcceptField accept = new AcceptField(accepted);
        boolean isForProgram = accept.prefersJsonToHtml() || (!accept.namesHtml() && isOfApi(path, route));
        return isForProgram ? JSON.get(why) : null;
    }

    /** The word for {@code why} that the answer gives in a field, or null for no such field. */
    public @Nullable String reason(FailureKind why) {
        return this == PAGES ? null : why.label();
    }

    private static boolean isOfApi(String path, @Nullable Route route) {
        if (route == null || route.takesTheRest()) {
            return API_OF_HUB.matcher(path).find();
        }
        int end = route.path().length();
        return path.startsWith("/api/", end)
                || path.substring(Math.min(end, path.length())).equals("/api");
    }

    private static Map<FailureKind, ErrorPage> json() {
        Map<FailureKind, ErrorPage> pages = new EnumMap<>(FailureKind.class);
        for (FailureKind kind : FailureKind.values()) {
            // Nothing in it needs an escape: a number, our own sentences and our own words.
            String text = "{\"status\":%d,\"message\":\"%s: %s\",\"reason\":\"%s\"}"
                    .formatted(
                            kind.status(),
                            HttpResponseStatus.valueOf(kind.status()).reasonPhrase(),
                            BuiltInPages.explanation(kind.status()),
                            kind.label());
            pages.put(kind, ErrorPage.of("application/json", null, text.getBytes(StandardCharsets.UTF_8)));
        }
        return Collections.unmodifiableMap(pages);
    }
}
