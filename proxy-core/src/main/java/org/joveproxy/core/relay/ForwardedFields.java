package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.joveproxy.core.config.ForwardedMode;
import org.jspecify.annotations.Nullable;

/**
 * The fields that tell the upstream who asks and how: {@code X-Forwarded-For}, {@code -Port}, {@code -Proto} and {@code
 * -Host}, and {@code Forwarded} (RFC 7239).
 *
 * <p>Immutable; any thread may call any method.
 */
final class ForwardedFields {
    private static final AsciiString FOR = ForwardedChain.FORWARDED_FOR;
    private static final AsciiString PORT = AsciiString.cached("x-forwarded-port");
    private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString SCHEME = AsciiString.cached("x-scheme");

    /** What some servers read instead: Tornado takes the first two for the scheme and the client before all others. */
    private static final List<AsciiString> SAME_IN_OTHER_WORDS =
            List.of(SCHEME, AsciiString.cached("x-real-ip"), FORWARDED);

    /** What else is the business of a proxy, about which nothing is known here. */
    private static final List<AsciiString> NOT_THE_CLIENTS = List.of(
            AsciiString.cached("x-forwarded-prefix"),
            AsciiString.cached("x-forwarded-scheme"),
            AsciiString.cached("x-forwarded-server"),
            AsciiString.cached("x-forwarded-ssl"));

    private final ForwardedMode mode;
    private final boolean addsForwarded;

    ForwardedFields(ForwardedMode mode, boolean addsForwarded) {
        this.mode = mode;
        this.addsForwarded = addsForwarded;
    }

    /**
     * Says in {@code headers} what is known of {@code client}.
     *
     * @param host the request's {@code Host}
     */
    void apply(HttpHeaders headers, @Nullable String host, ClientFacts client, boolean isWebsocket) {
        switch (mode) {
            case NONE -> {}
            case APPEND -> append(headers, host, client, isWebsocket);
            case REPLACE -> replace(headers, host, client);
            case SINGLE -> single(headers, host, client);
        }
        if (addsForwarded) {
            addForwarded(headers, host, client);
        }
    }

    // ---- as configurable-http-proxy does ----

    private static void append(HttpHeaders headers, @Nullable String host, ClientFacts client, boolean isWebsocket) {
        if (client.address() != null) {
            append(headers, FOR, client.address());
        }
        append(headers, PORT, port(host, client.isEncrypted()));
        String scheme = isWebsocket ? "ws" : "http";
        append(headers, PROTO, client.isEncrypted() ? scheme + "s" : scheme);
        if (!isWebsocket && host != null && !headers.contains(HOST)) {
            headers.set(HOST, host);
        }
    }

    private static void append(HttpHeaders headers, AsciiString name, String value) {
        if (!headers.contains(name)) {
            headers.add(name, value);
            return;
        }
        String before = String.join(", ", headers.getAll(name));
        Fields.set(headers, name, before.isEmpty() ? value : before + "," + value);
    }

    // ---- by whom the peer is ----

    private static void replace(HttpHeaders headers, @Nullable String host, ClientFacts client) {
        if (!client.isTrusted()) {
            removeAll(headers);
        }
        if (client.address() != null) {
            append(headers, FOR, client.address());
        }
        addMissing(headers, host, client);
    }

    private static void single(HttpHeaders headers, @Nullable String host, ClientFacts client) {
        if (client.isTrusted()) {
            keepOne(headers, client);
            SAME_IN_OTHER_WORDS.forEach(headers::remove);
        } else {
            removeAll(headers);
        }
        if (client.client() != null) {
            headers.set(FOR, client.client());
        }
        addMissing(headers, host, client);
    }

    private static void removeAll(HttpHeaders headers) {
        headers.remove(FOR);
        headers.remove(PORT);
        headers.remove(PROTO);
        headers.remove(HOST);
        SAME_IN_OTHER_WORDS.forEach(headers::remove);
        NOT_THE_CLIENTS.forEach(headers::remove);
    }

    private static void addMissing(HttpHeaders headers, @Nullable String host, ClientFacts client) {
        if (!headers.contains(PROTO)) {
            // Also of a websocket: servers know only these two, and so do the proxies in front of us.
            headers.add(PROTO, client.isEncrypted() ? "https" : "http");
        }
        if (!headers.contains(PORT)) {
            headers.add(PORT, port(host, isHttps(headers.get(PROTO))));
        }
        if (!headers.contains(HOST) && host != null) {
            headers.add(HOST, host);
        }
    }

    /** Leaves one value of each list, or none where there is none that makes sense. */
    private static void keepOne(HttpHeaders headers, ClientFacts client) {
        int hops = elements(headers, FOR).length;
        int clientAt = client.client() == null ? -1 : at(elements(headers, FOR), client.client());
        String proto = one(headers, PROTO, hops, clientAt);
        if (proto == null) {
            proto = one(headers, SCHEME, hops, clientAt);
        }
        String port = one(headers, PORT, hops, clientAt);
        String host = one(headers, HOST, hops, clientAt);
        headers.remove(FOR);
        set(headers, PROTO, proto == null ? null : webScheme(proto));
        set(headers, PORT, port != null && isNumber(port, 0) ? port : null);
        set(headers, HOST, host);
    }

    private static void set(HttpHeaders headers, AsciiString name, @Nullable String value) {
        headers.remove(name);
        if (value != null) {
            headers.add(name, value);
        }
    }

    /**
     * The value that goes with the client: where each hop has added to the list, that of the hop which the client has
     * spoken to, else the first.
     */
    private static @Nullable String one(HttpHeaders headers, AsciiString name, int hops, int clientAt) {
        String[] values = elements(headers, name);
        String value = values.length == 0 ? "" : values[values.length == hops && clientAt >= 0 ? clientAt : 0];
        return value.isEmpty() ? null : value;
    }

    private static int at(String[] hops, String client) {
        for (int i = hops.length - 1; i >= 0; i--) {
            InetAddress hop = ForwardedChain.address(hops[i]);
            if (hop != null && NetUtil.toAddressString(hop).equals(client)) {
                return i;
            }
        }
        return -1;
    }

    private static String[] elements(HttpHeaders headers, AsciiString name) {
        if (!headers.contains(name)) {
            return new String[0];
        }
        String[] elements = String.join(",", headers.getAll(name)).split(",", -1);
        for (int i = 0; i < elements.length; i++) {
            elements[i] = elements[i].trim();
        }
        return elements;
    }

    private static @Nullable String webScheme(String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "http", "ws" -> "http";
            case "https", "wss" -> "https";
            default -> null;
        };
    }

    private static boolean isHttps(@Nullable String proto) {
        // Of a list that a trusted peer sent, the first is what the client speaks.
        return proto != null && (proto.startsWith("https") || proto.startsWith("wss"));
    }

    // ---- RFC 7239 ----

    private void addForwarded(HttpHeaders headers, @Nullable String host, ClientFacts client) {
        boolean isSingle = mode == ForwardedMode.SINGLE;
        StringBuilder element = new StringBuilder("for=").append(node(isSingle ? client.client() : client.address()));
        String proto = isSingle ? headers.get(PROTO) : client.isEncrypted() ? "https" : "http";
        element.append(";proto=").append(proto);
        String named = isSingle ? headers.get(HOST) : host;
        if (named != null) {
            element.append(";host=");
            appendValue(element, named);
        }
        if (headers.contains(FORWARDED)) {
            String before = String.join(", ", headers.getAll(FORWARDED));
            Fields.set(headers, FORWARDED, before + ", " + element);
        } else {
            headers.add(FORWARDED, element.toString());
        }
    }

    private static String node(@Nullable String address) {
        if (address == null) {
            return "unknown";
        }
        return address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    }

    private static void appendValue(StringBuilder out, String value) {
        if (!value.isEmpty() && HttpHeaderValidationUtil.validateToken(value) < 0) {
            out.append(value);
            return;
        }
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }

    // ---- the port ----

    /** The port that the client says it connected to, else the scheme's. */
    private static String port(@Nullable String host, boolean isEncrypted) {
        if (host != null) {
            int colon = host.lastIndexOf(':');
            if (colon > host.lastIndexOf(']') && isNumber(host, colon + 1)) {
                return host.substring(colon + 1);
            }
        }
        return isEncrypted ? "443" : "80";
    }

    private static boolean isNumber(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < text.length();
    }
}
