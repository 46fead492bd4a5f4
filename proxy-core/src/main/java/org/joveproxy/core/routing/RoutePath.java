package org.joveproxy.core.routing;

/**
 * How a route's path is written: decoded, with one slash in front and none at the end, except for the root, {@code /}.
 *
 * <p>Any thread may call any method.
 */
public final class RoutePath {
    /** The path that every other path begins with. */
    public static final String ROOT = "/";

    private RoutePath() {}

    /**
     * The one spelling of {@code decoded} under which a route is known. Slashes at both ends do not matter; a slash
     * doubled inside does.
     */
    public static String clean(String decoded) {
        int end = lengthWithoutSlashes(decoded);
        int start = afterSlashes(decoded, end);
        if (start == end) {
            return ROOT;
        }
        if (start == 1 && end == decoded.length()) {
            return decoded;
        }
        return start == 0 ? "/" + decoded.substring(0, end) : decoded.substring(start - 1, end);
    }

    /**
     * The path of the route that the REST API is asked about, from what follows {@code /api/routes} in the request; an
     * empty text means the root. The escapes are decoded first, so {@code %2F} separates segments like any slash.
     */
    public static String decodeApiPath(String afterRoutes) throws MalformedPathException {
        return clean(PercentEncoding.decode(afterRoutes));
    }

    /** The first segment of {@code path}, which is the host when routes begin with one; empty for the root. */
    public static String firstSegment(String path) {
        int slash = path.indexOf('/', 1);
        return path.substring(1, slash < 0 ? path.length() : slash);
    }

    /** Where {@code path} ends when the slashes at its end are left out. */
    static int lengthWithoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return end;
    }

    /** The first position before {@code end} that has no slash. */
    static int afterSlashes(String path, int end) {
        int start = 0;
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        return start;
    }
}
