package org.joveproxy.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows who may call: whoever sends the token, or everybody when there is none.
 *
 * <p>Any thread may call any method.
 */
final class TokenAuthorization {
    // Anywhere in the header and in lower case: so does configurable-http-proxy. Bearer is what other clients say.
    private static final Pattern TOKEN = Pattern.compile("token\\s+(\\S+)");
    private static final Pattern BEARER = Pattern.compile("^\\s*[Bb]earer\\s+(\\S+)\\s*$");

    private final byte[] token;

    TokenAuthorization(@Nullable String token) {
        this.token = token == null ? new byte[0] : token.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a request with this {@code Authorization} may pass. */
    boolean permits(@Nullable String authorization) {
        if (token.length == 0) {
            return true;
        }
        if (authorization == null) {
            return false;
        }
        return names(TOKEN, authorization) || names(BEARER, authorization);
    }

    private boolean names(Pattern scheme, String authorization) {
        Matcher matcher = scheme.matcher(authorization);
        // Compared in constant time, so that the time it takes tells nothing about the token. One character of the
        // header
        // stands for one octet.
        return matcher.find() && MessageDigest.isEqual(token, matcher.group(1).getBytes(StandardCharsets.ISO_8859_1));
    }
}
