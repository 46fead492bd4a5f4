package org.joveproxy.loadtest.benchmark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of one scenario. Immutable.
 *
 * @param unit of the costs
 * @param commandLines by proxy
 * @param failures why a proxy could not be measured to the end, by proxy
 */
record Result(
        String scenario,
        String title,
        String unit,
        List<Figures> figures,
        List<Round> rounds,
        Map<String, String> commandLines,
        Map<String, String> failures) {
    Result {
        figures = List.copyOf(figures);
        rounds = List.copyOf(rounds);
        commandLines = Collections.unmodifiableMap(new LinkedHashMap<>(commandLines));
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }
}
