package org.joveproxy.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The paths that programs ask for again and again while nobody is there.
 *
 * <p>Immutable; any thread may call any method.
 *
 * @param byAnyMethod paths of which every request is meant
 * @param byGet paths of which only requests by GET are meant, those for a websocket with them
 */
public record IgnoredPaths(List<PathPattern> byAnyMethod, List<PathPattern> byGet) {
    /** The word for what JupyterLab and its usual extensions ask for again and again. */
    public static final String JUPYTER = "jupyter";

    private static final IgnoredPaths NONE = new IgnoredPaths(List.of(), List.of());

    // What a tab of JupyterLab asks for every ten seconds or every minute, the events that it keeps a websocket open
    // for, and the memory and CPU time that jupyter-resource-usage shows. The root folder is listed every ten seconds
    // while the file browser shows it; other folders cannot be told from files by their paths.
    private static final List<PathPattern> OF_JUPYTER = List.of(
            PathPattern.of("*/api/status"),
            PathPattern.of("*/api/me"),
            PathPattern.of("*/api/kernels"),
            PathPattern.of("*/api/kernelspecs"),
            PathPattern.of("*/api/sessions"),
            PathPattern.of("*/api/terminals"),
            PathPattern.of("*/api/contents"),
            PathPattern.of("*/api/events/subscribe"),
            PathPattern.of("*/api/metrics/v1"),
            PathPattern.of("*/api/metrics/v1/*"),
            PathPattern.of("*/metrics"));

    /** Copies the lists. */
    public IgnoredPaths {
        byAnyMethod = List.copyOf(byAnyMethod);
        byGet = List.copyOf(byGet);
    }

    /** No path at all. */
    public static IgnoredPaths none() {
        return NONE;
    }

    /**
     * The paths that {@code words} name: patterns for {@link PathPattern#of}, or {@link #JUPYTER}.
     *
     * @throws IllegalArgumentException when a word is neither; the message is for operators
     */
    public static IgnoredPaths of(List<String> words) {
        List<PathPattern> byAnyMethod = new ArrayList<>();
        List<PathPattern> byGet = new ArrayList<>();
        for (String word : words) {
            if (word.equals(JUPYTER)) {
                byGet.addAll(OF_JUPYTER);
            } else {
                byAnyMethod.add(PathPattern.of(word));
            }
        }
        return byAnyMethod.isEmpty() && byGet.isEmpty() ? NONE : new IgnoredPaths(byAnyMethod, byGet);
    }

    /**
     * Whether a request for {@code path} by {@code method} is meant.
     *
     * @param path decoded, without a query
     */
    public boolean contain(String method, String path) {
        return isAnyOf(byAnyMethod, path) || (!byGet.isEmpty() && method.equals("GET") && isAnyOf(byGet, path));
    }

    private static boolean isAnyOf(List<PathPattern> patterns, String path) {
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matches(path)) {
                return true;
            }
        }
        return false;
    }
}
