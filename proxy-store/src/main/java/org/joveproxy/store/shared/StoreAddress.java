package org.joveproxy.store.shared;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Redis or Valkey to use, as a URL and the environment name it.
 *
 * <p>Immutable.
 *
 * @param hosts the servers, or those that know them: one for a single server
 * @param username null for the default user
 * @param password null for none
 * @param database its number; a cluster has only 0
 * @param master by which name sentinels know the server; empty unless they are asked
 */
public record StoreAddress(
        Kind kind,
        boolean isTls,
        List<Host> hosts,
        @Nullable String username,
        @Nullable String password,
        int database,
        String master) {
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final int MAX_DATABASE = 65_535;

    private static final Map<String, Kind> KINDS = Map.of(
            "redis", Kind.SERVER,
            "rediss", Kind.SERVER,
            "redis-sentinel", Kind.SENTINEL,
            "rediss-sentinel", Kind.SENTINEL,
            "redis-cluster", Kind.CLUSTER,
            "rediss-cluster", Kind.CLUSTER);

    /** Copies the hosts. */
    public StoreAddress {
        hosts = List.copyOf(hosts);
    }

    /** What is at the other end. */
    public enum Kind {
        /** One server. */
        SERVER,
        /** Sentinels, which tell what the server is at present. */
        SENTINEL,
        /** A cluster. */
        CLUSTER
    }

    /** A host and its port. */
    public record Host(String name, int port) {
        /** As in a URL. */
        @Override
        public String toString() {
            return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
        }
    }

    /**
     * Reads {@code redis://[user:password@]host[:port][/database]}, with {@code rediss} for TLS, or the like with {@code
     * redis-sentinel} and {@code redis-cluster}, which take several hosts separated by commas; sentinels also take {@code
     * #name} of the master, which is {@code mymaster} otherwise.
     *
     * @throws IllegalArgumentException when it is no such URL; the message tells why, without the password
     */
    public static StoreAddress parse(String url) {
        int schemeEnd = url.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        Kind kind = KINDS.get(scheme);
        if (kind == null) {
            throw new IllegalArgumentException("no URL of a Redis (expected: " + String.join(", ", schemes()) + ")");
        }
        String rest = url.substring(schemeEnd + 3);
        String master = kind == Kind.SENTINEL ? "mymaster" : "";
        int hash = rest.indexOf('#');
        if (hash >= 0) {
            if (kind != Kind.SENTINEL || hash == rest.length() - 1) {
                throw new IllegalArgumentException("#name of a master (expected: only with redis-sentinel, not empty)");
            }
            master = decoded(rest.substring(hash + 1));
            rest = rest.substring(0, hash);
        }
        if (rest.indexOf('?') >= 0) {
            throw new IllegalArgumentException("parameters behind a question mark (expected: none)");
        }
        int at = rest.lastIndexOf('@');
        String user = at < 0 ? "" : rest.substring(0, at);
        String places = rest.substring(at + 1);
        int slash = places.indexOf('/');
        int database = slash < 0 ? 0 : database(kind, places.substring(slash + 1));
        List<Host> hosts = hosts(kind, slash < 0 ? places : places.substring(0, slash));
        int colon = user.indexOf(':');
        // Like everybody else: what stands alone before the @ is the user.
        String username = decoded(colon < 0 ? user : user.substring(0, colon));
        String password = colon < 0 ? "" : decoded(user.substring(colon + 1));
        return new StoreAddress(
                kind,
                scheme.startsWith("rediss"),
                hosts,
                blankAsNull(username),
                blankAsNull(password),
                database,
                master);
    }

    private static List<String> schemes() {
        return KINDS.keySet().stream().sorted().map(scheme -> scheme + "://").toList();
    }

    private static @Nullable String blankAsNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String decoded(String text) {
        try {
            // A plus is a plus: this is no form.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a percent sign without two hexadecimal digits (expected: %25)", e);
        }
    }

    private static int database(Kind kind, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_DATABASE) {
            throw new IllegalArgumentException("database: " + text + " (expected: a number)");
        }
        int number = Integer.parseInt(text);
        if (kind == Kind.CLUSTER && number != 0) {
            throw new IllegalArgumentException("database: " + text + " (expected: 0, a cluster has no other)");
        }
        return number;
    }

    private static List<Host> hosts(Kind kind, String text) {
        List<Host> hosts = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            hosts.add(host(kind, each));
        }
        if (kind == Kind.SERVER && hosts.size() > 1) {
            throw new IllegalArgumentException(
                    "hosts: " + text + " (expected: one, or redis-sentinel or redis-cluster)");
        }
        return hosts;
    }

    private static Host host(Kind kind, String text) {
        try {
            URI uri = new URI("x://" + text).parseServerAuthority();
            String name = uri.getHost();
            if (name == null || uri.getUserInfo() != null || !uri.getRawPath().isEmpty()) {
                throw new IllegalArgumentException("host: " + text + " (expected: host or host:port)");
            }
            int otherwise = kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
            int port = uri.getPort() < 0 ? otherwise : uri.getPort();
            if (port == 0 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
            }
            return new Host(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("host: " + text + " (expected: host or host:port)");
        }
    }

    /** This address with another user; null leaves what the URL says. */
    public StoreAddress withUsername(@Nullable String otherUsername) {
        return new StoreAddress(
                kind, isTls, hosts, otherUsername == null ? username : otherUsername, password, database, master);
    }

    /** For people; without the password. */
    @Override
    public String toString() {
        String scheme = (isTls ? "rediss" : "redis")
                + switch (kind) {
                    case SERVER -> "";
                    case SENTINEL -> "-sentinel";
                    case CLUSTER -> "-cluster";
                };
        StringBuilder text = new StringBuilder(scheme).append("://");
        text.append(String.join(",", hosts.stream().map(Host::toString).toList()));
        if (database != 0) {
            text.append('/').append(database);
        }
        if (!master.isEmpty()) {
            text.append('#').append(master);
        }
        return text.toString();
    }
}
