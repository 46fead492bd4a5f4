package org.joveproxy.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows who may call: whoever sends one of the tokens in force, or everybody when there is none.
 *
 * <p>Any thread may call any method.
 */
final class TokenAuthorization {
    // Anywhere in the header and in lower case: so does configurable-http-proxy. Bearer is what other clients say.
    private static final Pattern TOKEN = Pattern.compile("token\\s+(\\S+)");
    private static final Pattern BEARER = Pattern.compile("^\\s*[Bb]earer\\s+(\\S+)\\s*$");

    private final Supplier<List<String>> tokens;

    /** {@code tokens} gives those that are in force at present. */
    TokenAuthorization(Supplier<List<String>> tokens) {
        this.tokens = tokens;
    }

    /** Whether a request with this {@code Authorization} may pass. */
    boolean permits(@Nullable String authorization) {
        List<String> valid = tokens.get();
        if (valid.isEmpty()) {
            return true;
        }
        if (authorization == null) {
            return false;
        }
        return names(valid, TOKEN, authorization) || names(valid, BEARER, authorization);
    }

    private static boolean names(List<String> valid, Pattern scheme, String authorization) {
        Matcher matcher = scheme.matcher(authorization);
        if (!matcher.find()) {
            return false;
        }
        // One character of the header stands for one octet.
        byte[] shown = matcher.group(1).getBytes(StandardCharsets.ISO_8859_1);
        boolean isOneOfThem = false;
        for (String token : valid) {
            // In constant time, and all of them, so that the time it takes tells nothing about any.
            isOneOfThem |= MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), shown);
        }
        return isOneOfThem;
    }
}
