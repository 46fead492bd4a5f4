package org.joveproxy.app;

import java.util.ArrayList;
import java.util.List;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.TrustedPeers;

/**
 * Reads who stands in front of the proxy, and what is made of what they say.
 *
 * <p>Any thread may call any method.
 */
final class EdgeFromArguments {
    private EdgeFromArguments() {}

    static EdgeConfig read(Arguments given) throws UsageException {
        return new EdgeConfig(trusted(given));
    }

    private static TrustedPeers trusted(Arguments given) throws UsageException {
        List<String> words = new ArrayList<>();
        for (String list : given.all(Flags.TRUSTED_PROXIES)) {
            for (String word : list.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        try {
            return TrustedPeers.of(words);
        } catch (IllegalArgumentException e) {
            throw UsageException.of("error: option '" + Flags.TRUSTED_PROXIES + "' value " + e.getMessage());
        }
    }

    /** What becomes of {@code X-Forwarded-*}. */
    static ForwardedMode mode(Arguments given) throws UsageException {
        if (given.has(Flags.NO_X_FORWARD)) {
            return ForwardedMode.NONE;
        }
        String word = given.text(Flags.FORWARDING);
        return switch (word == null ? "append" : word) {
            case "append" -> ForwardedMode.APPEND;
            case "replace" -> ForwardedMode.REPLACE;
            case "single" -> ForwardedMode.SINGLE;
            default ->
                throw ConfigFromArguments.invalid(Flags.FORWARDING, String.valueOf(word), "append, replace or single");
        };
    }
}
