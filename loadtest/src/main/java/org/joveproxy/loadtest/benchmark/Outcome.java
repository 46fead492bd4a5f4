package org.joveproxy.loadtest.benchmark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one run of the benchmark found out, as it goes into the report. Immutable.
 *
 * @param began when, as ISO 8601
 * @param machine processor and kernel
 * @param versions of what took part, by name
 * @param measure the proxy that the others are compared with
 * @param leftOut who was not there
 */
record Outcome(
        String began,
        List<String> arguments,
        String machine,
        Map<String, String> versions,
        String measure,
        Ground.Pace pace,
        List<String> leftOut,
        List<Result> results) {
    Outcome {
        arguments = List.copyOf(arguments);
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        leftOut = List.copyOf(leftOut);
        results = List.copyOf(results);
    }

    /** Whether everybody was measured to the end. */
    boolean isComplete() {
        return results.stream().allMatch(result -> result.failures().isEmpty());
    }

    /** The highest ratio of processor time that {@code proxy} came to in any scenario; null where there is none. */
    @Nullable
    Double highestRatio(String proxy) {
        Double highest = null;
        for (Result result : results) {
            for (Figures figures : result.figures()) {
                Spread ratio = figures.ratio();
                if (figures.proxy().equals(proxy) && figures.loaded() != null && ratio != null) {
                    highest = highest == null ? ratio.median() : Math.max(highest, ratio.median());
                }
            }
        }
        return highest;
    }
}
