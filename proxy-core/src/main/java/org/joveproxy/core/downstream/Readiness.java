package org.joveproxy.core.downstream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.joveproxy.core.errorpage.ErrorPage;
import org.joveproxy.core.routing.StoreStatus;

/**
 * Whether clients should be sent here: the routes are there and the proxy is not stopping. A balancer asks by a path of
 * its own, which is answered before any routing, for every method, and never depends on how much there is to do.
 *
 * <p>Any thread may call any method.
 */
public final class Readiness {
    private static final String PATH = "/_chp_readyz";

    private final Supplier<StoreStatus> store;
    private volatile boolean hasRoutes;

    /** Readiness of a proxy whose routes are those of {@code store}. */
    public Readiness(Supplier<StoreStatus> store) {
        this.store = store;
        lookAgain();
    }

    /** Asks the store how it is; to be called now and then. */
    public void lookAgain() {
        hasRoutes = store.get().hasRoutes();
    }

    /** Whether the routes were all there a moment ago. */
    boolean hasRoutes() {
        return hasRoutes;
    }

    /** With a slash and a query or without. */
    static boolean isAskedBy(String uri) {
        if (!uri.startsWith(PATH)) {
            return false;
        }
        int end = PATH.length();
        if (end < uri.length() && uri.charAt(end) == '/') {
            end++;
        }
        return end == uri.length() || uri.charAt(end) == '?';
    }

    /** What a probe is told. */
    Answer answer(boolean isDraining) {
        StoreStatus status = store.get();
        hasRoutes = status.hasRoutes();
        List<String> reasons = new ArrayList<>(2);
        if (!status.hasRoutes()) {
            reasons.add("not all routes are known to be here");
        }
        if (isDraining) {
            reasons.add("the proxy is stopping");
        }
        return reasons.isEmpty() ? new Answer(200, ready(status)) : new Answer(503, notReady(reasons, status));
    }

    /** A status and the JSON that explains it. */
    record Answer(int status, ErrorPage page) {}

    private static ErrorPage ready(StoreStatus status) {
        return json("{\"status\":\"ready\"," + store(status) + "}");
    }

    private static ErrorPage notReady(List<String> reasons, StoreStatus status) {
        String listed = reasons.stream().map(Readiness::quoted).collect(Collectors.joining(","));
        return json("{\"status\":\"not ready\",\"reasons\":[" + listed + "]," + store(status) + "}");
    }

    private static String store(StoreStatus status) {
        Duration silence = status.silence();
        return "\"store\":{\"kind\":" + quoted(status.kind()) + ",\"working\":" + status.isWorking() + ",\"detail\":"
                + quoted(status.detail()) + (silence == null ? "" : ",\"silentMillis\":" + silence.toMillis()) + "}";
    }

    private static ErrorPage json(String text) {
        return ErrorPage.of("application/json", null, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
