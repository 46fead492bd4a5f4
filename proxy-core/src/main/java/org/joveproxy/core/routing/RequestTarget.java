package org.joveproxy.core.routing;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, read once from its first line: what the upstream gets to see and what routing goes by.
 *
 * <p>Immutable.
 *
 * @param path as it is forwarded: it begins with a slash, dot segments are resolved, octets outside ASCII are escaped,
 *     everything else is as the client wrote it
 * @param query what follows the first question mark, or null when there is none
 * @param decodedPath {@code path} with its escapes decoded; a decoded slash separates segments like any other
 */
public record RequestTarget(String path, @Nullable String query, String decodedPath) {
    /**
     * Reads the target of a request line: {@code /path?query}, {@code scheme://host/path?query} or an asterisk, whose
     * octets are the characters of {@code received}. A fragment is dropped.
     *
     * @throws MalformedPathException when the path's escapes are malformed or are no UTF-8
     */
    public static RequestTarget parse(String received) throws MalformedPathException {
        int pathEnd = plainPathEnd(received);
        if (pathEnd == received.length()) {
            return new RequestTarget(received, null, received);
        }
        if (pathEnd > 0 && isPlain(received, pathEnd)) {
            String path = received.substring(0, pathEnd);
            return new RequestTarget(path, received.substring(pathEnd + 1), path);
        }
        return normalized(received);
    }

    /** Where a path that needs no work ends, at the question mark or the end of all; -1 when it does need work. */
    private static int plainPathEnd(String received) {
        if (received.isEmpty() || received.charAt(0) != '/') {
            return -1;
        }
        char previous = '/';
        for (int at = 1; at < received.length(); at++) {
            char c = received.charAt(at);
            if (c == '?') {
                return at;
            }
            boolean startsDotSegment = c == '.' && previous == '/';
            if (startsDotSegment || !isPlain(c)) {
                return -1;
            }
            previous = c;
        }
        return received.length();
    }

    private static boolean isPlain(String received, int queryStart) {
        for (int at = queryStart; at < received.length(); at++) {
            char c = received.charAt(at);
            if (c >= 0x80 || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c < 0x80 && c != '%' && c != '#';
    }

    private static RequestTarget normalized(String received) throws MalformedPathException {
        String text = withoutFragment(received);
        int queryMark = text.indexOf('?');
        String beforeQuery = queryMark < 0 ? text : text.substring(0, queryMark);
        String query = queryMark < 0 ? null : escapeNonAscii(text.substring(queryMark + 1));
        String path = DotSegments.resolve(escapeNonAscii(withoutOrigin(beforeQuery)));
        return new RequestTarget(path, query, PercentEncoding.decode(path));
    }

    private static String withoutFragment(String received) {
        int hash = received.indexOf('#');
        return hash < 0 ? received : received.substring(0, hash);
    }

    /** The path alone, beginning with a slash, of what stands before the question mark. */
    private static String withoutOrigin(String beforeQuery) {
        if (beforeQuery.startsWith("/")) {
            return beforeQuery;
        }
        int authority = authorityStart(beforeQuery);
        if (authority < 0) {
            // An asterisk, or a path whose slash was forgotten.
            return "/" + beforeQuery;
        }
        int slash = beforeQuery.indexOf('/', authority);
        return slash < 0 ? "/" : beforeQuery.substring(slash);
    }

    /** Where the authority of an absolute URL starts, or -1 when {@code text} does not begin with a scheme. */
    private static int authorityStart(String text) {
        int colon = text.indexOf("://");
        if (colon < 1 || !isLetter(text.charAt(0))) {
            return -1;
        }
        for (int at = 1; at < colon; at++) {
            char c = text.charAt(at);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') {
                return -1;
            }
        }
        return colon + 3;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Escapes each octet that is not ASCII; {@code text} has one character for each octet. */
    private static String escapeNonAscii(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) < 0x80) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, at);
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < 0x80) {
                escaped.append(c);
            } else {
                PercentEncoding.appendEscape(escaped, c);
            }
        }
        return escaped.toString();
    }
}
