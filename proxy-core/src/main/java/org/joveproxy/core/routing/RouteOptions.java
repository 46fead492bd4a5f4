package org.joveproxy.core.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.joveproxy.core.text.HeaderText;
import org.joveproxy.core.text.Times;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds for the requests of one route and not for all: the object that the route's data has under the name {@code
 * jove}, where the hub has nothing.
 *
 * <p>Any thread may call any method. All is immutable but the number of requests on their way, of which {@code 0 <=
 * inFlight} holds at every instant.
 */
public final class RouteOptions {
    private static final Logger logger = LoggerFactory.getLogger(RouteOptions.class);

    private static final String FIELD = "jove";
    private static final String STRIP_PREFIX = "stripPrefix";
    private static final String REQUEST_HEADERS = "requestHeaders";
    private static final String TIMEOUT = "timeout";
    private static final String MAX_CONNECTIONS = "maxConnections";
    private static final Set<String> KNOWN = Set.of(STRIP_PREFIX, REQUEST_HEADERS, TIMEOUT, MAX_CONNECTIONS);

    /** About one connection, the length of the body or the server's name, which have rules of their own. */
    private static final Set<String> NOT_TO_BE_SET = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final int NO_BOUND = Integer.MAX_VALUE;
    private static final int LONGEST_SHOWN = 100;

    /** Stands for the options of a route whose data nobody has looked at. */
    static final RouteOptions UNREAD = new RouteOptions(false, Map.of(), null, NO_BOUND, new AtomicInteger());

    private final boolean stripsPrefix;
    private final Map<String, @Nullable String> requestHeaders;
    private final @Nullable Duration timeout;
    private final int maxConnections;
    private final AtomicInteger inFlight;

    /** Options of which {@code timeout} is null if the route has none of its own, and 0 if it is to have no limit. */
    private RouteOptions(
            boolean stripsPrefix,
            Map<String, @Nullable String> requestHeaders,
            @Nullable Duration timeout,
            int maxConnections,
            AtomicInteger inFlight) {
        this.stripsPrefix = stripsPrefix;
        this.requestHeaders = requestHeaders;
        this.timeout = timeout;
        this.maxConnections = maxConnections;
        this.inFlight = inFlight;
    }

    /**
     * Does nothing when a route with {@code data} can have the options that it asks for.
     *
     * @throws IllegalArgumentException when it cannot; the message is for who has sent the data
     */
    public static void check(Map<String, ? extends @Nullable Object> data) {
        RouteOptions unused = of(data);
    }

    /** The options in {@code data}, or null when it has none. */
    static @Nullable RouteOptions of(Map<String, ? extends @Nullable Object> data) {
        Object value = data.get(FIELD);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> given)) {
            throw invalid(FIELD, kind(value), "an object");
        }
        for (Object name : given.keySet()) {
            if (!KNOWN.contains(String.valueOf(name))) {
                throw invalid(FIELD, name, "no other names than " + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        return given.isEmpty()
                ? null
                : new RouteOptions(
                        stripsPrefix(given),
                        requestHeaders(given),
                        timeout(given),
                        maxConnections(given),
                        new AtomicInteger());
    }

    /**
     * As {@link #of}, for data that nobody can be told is wrong any more: it may have been kept by another version. The
     * route is served without any of the options then, and the operator hears of it.
     */
    static @Nullable RouteOptions ofKept(Map<String, ? extends @Nullable Object> data, Object route) {
        try {
            return of(data);
        } catch (IllegalArgumentException e) {
            logger.warn("The route {} is served without its options: {}", route, e.getMessage());
            return null;
        }
    }

    private static boolean stripsPrefix(Map<?, ?> given) {
        if (!given.containsKey(STRIP_PREFIX)) {
            return false;
        }
        if (given.get(STRIP_PREFIX) instanceof Boolean strips) {
            return strips;
        }
        throw invalid(FIELD + '.' + STRIP_PREFIX, given.get(STRIP_PREFIX), "true or false");
    }

    private static Map<String, @Nullable String> requestHeaders(Map<?, ?> given) {
        if (!given.containsKey(REQUEST_HEADERS)) {
            return Map.of();
        }
        String what = FIELD + '.' + REQUEST_HEADERS;
        if (!(given.get(REQUEST_HEADERS) instanceof Map<?, ?> fields)) {
            throw invalid(what, kind(given.get(REQUEST_HEADERS)), "an object");
        }
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (!HeaderText.isName(name)) {
                throw invalid(what, name, "a name that a header can have");
            }
            if (NOT_TO_BE_SET.contains(name.toLowerCase(Locale.ROOT))) {
                throw invalid(what, name, "a header that is not the proxy's own business");
            }
            if (!names.add(name)) {
                throw invalid(what, name, "each header once");
            }
            headers.put(name, headerValue(what + '.' + name, value));
        });
        return Collections.unmodifiableMap(headers);
    }

    /** The messages do not show the value, which may be a secret. */
    private static @Nullable String headerValue(String what, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof String text && HeaderText.isValue(text)) {
            return text.strip();
        }
        throw invalid(what, "***", "a text that a header can hold, or null to remove the header");
    }

    private static @Nullable Duration timeout(Map<?, ?> given) {
        if (!given.containsKey(TIMEOUT)) {
            return null;
        }
        Object value = given.get(TIMEOUT);
        long millis = value instanceof String text ? Times.millis(text).orElse(-1) : whole(value);
        if (millis < 0 || millis > Integer.MAX_VALUE) {
            throw invalid(
                    FIELD + '.' + TIMEOUT,
                    value,
                    Times.EXPECTED + ", up to " + Integer.MAX_VALUE + " milliseconds in all");
        }
        return Duration.ofMillis(millis);
    }

    private static int maxConnections(Map<?, ?> given) {
        if (!given.containsKey(MAX_CONNECTIONS)) {
            return NO_BOUND;
        }
        Object value = given.get(MAX_CONNECTIONS);
        long most = whole(value);
        if (most < 1 || most > Integer.MAX_VALUE) {
            throw invalid(FIELD + '.' + MAX_CONNECTIONS, value, "a whole number from 1 to " + Integer.MAX_VALUE);
        }
        return (int) most;
    }

    /** {@code value} if it is a whole number that can be reasonable, else -1. */
    private static long whole(@Nullable Object value) {
        return value instanceof Integer || value instanceof Long ? ((Number) value).longValue() : -1;
    }

    /** What {@code value} is, where it may hold what headers were to hold. */
    private static String kind(@Nullable Object value) {
        if (value instanceof String) {
            return "a text";
        }
        return value instanceof List<?> ? "a list" : String.valueOf(value);
    }

    private static IllegalArgumentException invalid(String what, @Nullable Object value, String expected) {
        String text = String.valueOf(value);
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
        return new IllegalArgumentException(
                what + ": " + shown.replaceAll("\\p{Cntrl}", "?") + " (expected: " + expected + ")");
    }

    /** These options for the route that takes the place of one with {@code replaced}, whose requests go on to count. */
    RouteOptions inPlaceOf(RouteOptions replaced) {
        return new RouteOptions(stripsPrefix, requestHeaders, timeout, maxConnections, replaced.inFlight);
    }

    /** Whether the route's path is taken off what is forwarded. */
    public boolean stripsPrefix() {
        return stripsPrefix;
    }

    /** The headers that forwarded requests get, after all others; one with null is removed. */
    public Map<String, @Nullable String> requestHeaders() {
        return requestHeaders;
    }

    /**
     * How long the upstream may be silent in the middle of an exchange, or null for no limit.
     *
     * @param otherwise what holds for routes that have no such option
     */
    public @Nullable Duration upstreamSilence(@Nullable Duration otherwise) {
        if (timeout == null) {
            return otherwise;
        }
        return timeout.isZero() ? null : timeout;
    }

    /** Whether there is a bound for the requests and websockets that are on their way at once. */
    public boolean limitsConnections() {
        return maxConnections != NO_BOUND;
    }

    /** Counts a request that begins, which {@link #leave} ends, or returns false when there are as many as may be. */
    public boolean tryEnter() {
        return inFlight.getAndUpdate(n -> n < maxConnections ? n + 1 : n) < maxConnections;
    }

    /** A request or its websocket is over. */
    public void leave() {
        if (inFlight.getAndUpdate(n -> n > 0 ? n - 1 : n) == 0) {
            throw new IllegalStateException("a request has left that has never entered");
        }
    }
}
