package org.joveproxy.core.routing;

/**
 * Resolves {@code .} and {@code ..} in paths as browsers do (the URL standard of the WHATWG), which also knows their
 * escaped spellings.
 *
 * <p>Any thread may call any method.
 */
final class DotSegments {
    private DotSegments() {}

    /** Resolves the dot segments of {@code path}, which begins with a slash; the result does too. */
    static String resolve(String path) {
        if (!path.contains("/.") && !path.contains("/%2e") && !path.contains("/%2E")) {
            return path;
        }
        StringBuilder resolved = new StringBuilder(path.length());
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            boolean isLast = slash < 0;
            int end = isLast ? path.length() : slash;
            append(resolved, path, start, end, isLast);
            start = end + 1;
        }
        return resolved.toString();
    }

    private static void append(StringBuilder resolved, String path, int start, int end, boolean isLast) {
        switch (dots(path, start, end)) {
            case 1 -> {
                if (isLast) {
                    resolved.append('/');
                }
            }
            case 2 -> {
                resolved.setLength(Math.max(0, resolved.lastIndexOf("/")));
                if (isLast) {
                    resolved.append('/');
                }
            }
            default -> resolved.append('/').append(path, start, end);
        }
    }

    /** How many dots the segment is, 1 or 2; 0 for every segment that is something else. */
    private static int dots(String path, int start, int end) {
        int dots = 0;
        int at = start;
        while (at < end) {
            if (path.charAt(at) == '.') {
                at++;
            } else if (path.startsWith("%2e", at) || path.startsWith("%2E", at)) {
                at += 3;
            } else {
                return 0;
            }
            dots++;
        }
        return dots <= 2 ? dots : 0;
    }
}
