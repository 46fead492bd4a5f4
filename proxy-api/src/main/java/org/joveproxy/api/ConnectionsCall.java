package org.joveproxy.api;

import io.netty.util.NetUtil;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.joveproxy.core.lifecycle.ConnectionFilter;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.RoutePath;
import org.jspecify.annotations.Nullable;

/**
 * What a request to {@code /api/connections} asks for.
 *
 * <p>Immutable.
 *
 * @param form what the answer looks like
 * @param limit how many sockets to list at most
 */
record ConnectionsCall(Form form, ConnectionFilter filter, int limit) {
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MAX_LIMIT = 10_000;
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Integer.MAX_VALUE);
    /** What an answer looks like. */
    enum Form {
        /** Every socket, as JSON. */
        LIST,
        /** Sums, as tables for people. */
        SUMMARY,
        /** Sums, as JSON. */
        SUMMARY_JSON
    }

    private static final Set<String> NAMES =
            Set.of("summary", "role", "phase", "route", "peer", "target", "older_than", "after", "limit");

    /**
     * Reads the query of a request.
     *
     * @throws IllegalArgumentException when it holds a parameter or a value that means nothing; the message says which
     */
    static ConnectionsCall parse(@Nullable String query) {
        Map<String, String> values = values(query == null ? "" : query);
        Peer peer = Peer.parse(values.get("peer"));
        ConnectionFilter filter = new ConnectionFilter(
                word("role", values.get("role"), Role.values(), Role::label),
                word("phase", values.get("phase"), Phase.values(), Phase::label),
                values.containsKey("route") ? RoutePath.clean(values.get("route")) : null,
                peer == null ? null : peer.address(),
                peer == null ? 0 : peer.port(),
                withoutSlash(values.get("target")),
                seconds("older_than", values.get("older_than")),
                number("after", values.get("after"), 0, 0, Long.MAX_VALUE));
        int limit = (int) number("limit", values.get("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
        return new ConnectionsCall(form(values.get("summary")), filter, limit);
    }

    private static Map<String, String> values(String query) {
        Map<String, String> values = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = InactiveSince.decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (NAMES.contains(name)) {
                values.put(name, equals < 0 ? "" : InactiveSince.decoded(pair.substring(equals + 1)));
            } else if (!pair.isEmpty()) {
                throw new IllegalArgumentException("unknown parameter: " + name + " (expected: "
                        + NAMES.stream().sorted().collect(Collectors.joining(", ")) + ")");
            }
        }
        return values;
    }

    private static Form form(@Nullable String value) {
        return switch (value == null ? "false" : value) {
            case "0", "false" -> Form.LIST;
            case "", "1", "true" -> Form.SUMMARY;
            case "json" -> Form.SUMMARY_JSON;
            default ->
                throw new IllegalArgumentException("summary: " + value + " (expected: nothing, true, false or json)");
        };
    }

    private static <T> @Nullable T word(String name, @Nullable String value, T[] known, Function<T, String> label) {
        if (value == null) {
            return null;
        }
        for (T each : known) {
            if (label.apply(each).equals(value.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        String expected = Arrays.stream(known).map(label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }

    private static @Nullable String withoutSlash(@Nullable String target) {
        return target != null && target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
    }

    private static @Nullable Duration seconds(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            BigDecimal seconds = new BigDecimal(value);
            if (value.length() <= 20 && seconds.signum() >= 0 && seconds.compareTo(LONGEST) <= 0) {
                return Duration.ofNanos(seconds.movePointRight(9).longValue());
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + ": " + value + " (expected: seconds, such as 60 or 0.5)");
    }

    private static long number(String name, @Nullable String value, long otherwise, long least, long most) {
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        String bounds = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
        throw new IllegalArgumentException(name + ": " + value + " (expected: " + bounds + ")");
    }

    /** An address and a port, or 0 for every port. */
    private record Peer(InetAddress address, int port) {
        static @Nullable Peer parse(@Nullable String value) {
            if (value == null) {
                return null;
            }
            int colon = value.lastIndexOf(':');
            boolean isBracketed = value.startsWith("[");
            boolean isBareIpv6 = !isBracketed && value.indexOf(':') != colon;
            boolean hasPort = colon > value.lastIndexOf(']') && !isBareIpv6;
            String host = hasPort ? value.substring(0, colon) : value;
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
            if (bytes == null) {
                throw new IllegalArgumentException(
                        "peer: " + value + " (expected: an IP address, with or without a port)");
            }
            long port = hasPort ? number("port of peer", value.substring(colon + 1), 0, 1, 65_535) : 0;
            try {
                return new Peer(InetAddress.getByAddress(bytes), (int) port);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
            }
        }
    }
}
