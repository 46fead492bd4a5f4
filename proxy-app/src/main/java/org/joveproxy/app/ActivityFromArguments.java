package org.joveproxy.app;

import java.util.ArrayList;
import java.util.List;
import org.joveproxy.core.config.ActivityConfig;
import org.joveproxy.core.config.IgnoredPaths;

/**
 * Reads what counts as a use of a route.
 *
 * <p>Any thread may call any method.
 */
final class ActivityFromArguments {
    private ActivityFromArguments() {}

    static ActivityConfig read(Arguments given, Problems problems) {
        ActivityConfig defaults = ActivityConfig.defaults();
        return new ActivityConfig(
                problems.or(defaults.countsUpstream(), () -> countsUpstream(given)),
                problems.or(defaults.ignored(), () -> ignored(given)));
    }

    private static boolean countsUpstream(Arguments given) throws UsageException {
        String word = given.text(Flags.ACTIVITY);
        return switch (word == null ? "client" : word) {
            case "client" -> false;
            case "both" -> true;
            default -> throw ConfigFromArguments.invalid(Flags.ACTIVITY, String.valueOf(word), "client or both");
        };
    }

    private static IgnoredPaths ignored(Arguments given) throws UsageException {
        List<String> words = new ArrayList<>();
        for (String list : given.all(Flags.ACTIVITY_IGNORE)) {
            for (String word : list.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        try {
            return IgnoredPaths.of(words);
        } catch (IllegalArgumentException e) {
            throw UsageException.of("error: option '" + Flags.ACTIVITY_IGNORE + "' value " + e.getMessage());
        }
    }
}
