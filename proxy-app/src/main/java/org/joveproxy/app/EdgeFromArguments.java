package org.joveproxy.app;

import java.util.ArrayList;
import java.util.List;
import org.joveproxy.core.config.EdgeConfig;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ProxyProtocolMode;
import org.joveproxy.core.config.TrustedPeers;

/**
 * Reads who stands in front of the proxy, and what is made of what they say.
 *
 * <p>Any thread may call any method.
 */
final class EdgeFromArguments {
    private EdgeFromArguments() {}

    /** What {@code given} says, where that makes sense; {@code problems} hears of the rest. */
    static EdgeConfig read(Arguments given, Problems problems) {
        TrustedPeers trusted = problems.orNull(() -> trusted(given));
        ProxyProtocolMode proxyProtocol = problems.or(ProxyProtocolMode.OFF, () -> proxyProtocol(given));
        if (proxyProtocol != ProxyProtocolMode.OFF && trusted != null && trusted.isEmpty()) {
            problems.add(UsageException.of("error: option '" + Flags.PROXY_PROTOCOL + "' needs '"
                    + Flags.TRUSTED_PROXIES + "': whoever may use it can say that it comes from anywhere"));
        }
        return new EdgeConfig(
                trusted == null ? TrustedPeers.of(List.of()) : trusted, proxyProtocol, given.has(Flags.REQUEST_ID));
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

    private static ProxyProtocolMode proxyProtocol(Arguments given) throws UsageException {
        String word = given.text(Flags.PROXY_PROTOCOL);
        return switch (word == null ? "off" : word) {
            case "off" -> ProxyProtocolMode.OFF;
            case "on" -> ProxyProtocolMode.ON;
            case "optional" -> ProxyProtocolMode.OPTIONAL;
            default ->
                throw ConfigFromArguments.invalid(Flags.PROXY_PROTOCOL, String.valueOf(word), "off, on or optional");
        };
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
