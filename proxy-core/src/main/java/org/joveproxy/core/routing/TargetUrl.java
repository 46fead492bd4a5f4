package org.joveproxy.core.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a target's URL, read as the URL standard of the WHATWG says, which is what configurable-http-proxy goes
 * by: white space around it is dropped, backslashes count as slashes, the slashes after the scheme may be missing.
 *
 * <p>Immutable.
 *
 * @param path percent-encoded, beginning with a slash
 * @param query percent-encoded, or null
 */
record TargetUrl(Origin origin, String path, @Nullable String query) {
    private static final String EXPECTED_SCHEME =
            "a URL that begins with http://, https:// or http+unix:// and a percent-encoded socket path";
    private static final String NOT_IN_PATH = " \"#<>?`{}";
    private static final String NOT_IN_QUERY = " \"#<>'";

    static TargetUrl parse(String raw) {
        String text = trimmed(raw);
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = text.substring(colon + 1);
        return switch (scheme) {
            case "http" -> network(Scheme.HTTP, rest, raw);
            case "https" -> network(Scheme.HTTPS, rest, raw);
            case "http+unix", "unix+http" -> socket(rest, raw);
            default -> throw unusable(raw, EXPECTED_SCHEME);
        };
    }

    /** Without control characters and spaces at both ends, and without the line breaks and tabs inside. */
    private static String trimmed(String raw) {
        int start = 0;
        int end = raw.length();
        while (start < end && raw.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && raw.charAt(end - 1) <= ' ') {
            end--;
        }
        String text = raw.substring(start, end);
        boolean isOneLine = text.indexOf('\t') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        return isOneLine ? text : text.replace("\t", "").replace("\n", "").replace("\r", "");
    }

    private static TargetUrl network(Scheme scheme, String rest, String raw) {
        Split split = Split.of(rest, true);
        int start = 0;
        while (start < split.hierarchy.length() && isSlash(split.hierarchy.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < split.hierarchy.length() && !isSlash(split.hierarchy.charAt(end))) {
            end++;
        }
        Origin origin = networkOrigin(scheme, split.hierarchy.substring(start, end), raw);
        String path = split.hierarchy.substring(end).replace('\\', '/');
        return new TargetUrl(origin, path(path), split.query);
    }

    private static Origin networkOrigin(Scheme scheme, String authority, String raw) {
        String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = hostAndPort.indexOf(':', Math.max(0, hostAndPort.lastIndexOf(']')));
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        String port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
        return new Origin(scheme, TargetHost.parse(host, raw), port(port, scheme, raw));
    }

    private static int port(String digits, Scheme scheme, String raw) {
        if (digits.isEmpty()) {
            return scheme.defaultPort();
        }
        int port = 0;
        for (int at = 0; at < digits.length(); at++) {
            char c = digits.charAt(at);
            port = port * 10 + (c - '0');
            if (c < '0' || c > '9' || port > 65_535) {
                throw unusable(raw, "a port from 1 to 65535");
            }
        }
        if (port == 0) {
            throw unusable(raw, "a port from 1 to 65535");
        }
        return port;
    }

    private static TargetUrl socket(String rest, String raw) {
        Split split = Split.of(rest, false);
        if (!split.hierarchy.startsWith("//")) {
            throw unusable(raw, EXPECTED_SCHEME);
        }
        int slash = split.hierarchy.indexOf('/', 2);
        String authority = slash < 0 ? split.hierarchy.substring(2) : split.hierarchy.substring(2, slash);
        String path = slash < 0 ? "" : split.hierarchy.substring(slash);
        return new TargetUrl(new Origin(Scheme.UNIX, socketPath(authority, raw), 0), path(path), split.query);
    }

    private static String socketPath(String authority, String raw) {
        String path;
        try {
            path = PercentEncoding.decode(authority.substring(authority.lastIndexOf('@') + 1));
        } catch (MalformedPathException e) {
            throw unusable(raw, "a percent-encoded socket path");
        }
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw unusable(raw, "a percent-encoded socket path such as http+unix://%2Frun%2Fserver.sock");
        }
        return path;
    }

    private static String path(String path) {
        return path.isEmpty() ? "/" : DotSegments.resolve(PercentEncoding.encode(path, NOT_IN_PATH));
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    static IllegalArgumentException unusable(String raw, String expected) {
        return new IllegalArgumentException("target: " + withoutCredentials(raw) + " (expected: " + expected + ")");
    }

    /** {@code raw} with the user name and password hidden and control characters shown as question marks. */
    static String withoutCredentials(String raw) {
        int at = credentialsEnd(raw);
        String shown = at < 0 ? raw : raw.substring(0, credentialsStart(raw)) + "***" + raw.substring(at);
        return shown.codePoints().anyMatch(Character::isISOControl) ? shown.replaceAll("\\p{Cntrl}", "?") : shown;
    }

    private static int credentialsStart(String raw) {
        int start = raw.indexOf(':') + 1;
        while (start < raw.length() && isSlash(raw.charAt(start))) {
            start++;
        }
        return start;
    }

    /** Where the @ stands that ends user name and password, or -1. */
    private static int credentialsEnd(String raw) {
        int end = credentialsStart(raw);
        while (end < raw.length() && "/\\?#".indexOf(raw.charAt(end)) < 0) {
            end++;
        }
        return raw.substring(0, end).lastIndexOf('@');
    }

    /** A URL after its scheme, cut at the question mark; the fragment is dropped. */
    private record Split(String hierarchy, @Nullable String query) {
        static Split of(String rest, boolean isNetwork) {
            int hash = rest.indexOf('#');
            String text = hash < 0 ? rest : rest.substring(0, hash);
            int mark = text.indexOf('?');
            if (mark < 0) {
                return new Split(text, null);
            }
            String notAllowed = isNetwork ? NOT_IN_QUERY : NOT_IN_QUERY.replace("'", "");
            String query = PercentEncoding.encode(text.substring(mark + 1), notAllowed);
            return new Split(text.substring(0, mark), query.isEmpty() ? null : query);
        }
    }
}
