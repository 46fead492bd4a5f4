package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.routing.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What the client gets to see of a response: {@code Location} in its own terms, and no field that concerned only the
 * upstream's connection.
 *
 * <p>Immutable; any thread may call any method.
 */
public final class ResponseForwarding {
    private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)");

    private final ForwardingConfig config;

    /** Forwarding by {@code config}. */
    public ResponseForwarding(ForwardingConfig config) {
        this.config = config;
    }

    /**
     * Changes {@code response} into what is sent to the client, framing aside.
     *
     * @param clientHost the request's {@code Host} as the client sent it, or null when there was none
     */
    public void apply(HttpResponse response, Origin origin, @Nullable String clientHost) {
        HttpHeaders headers = response.headers();
        HopByHop.removeFrom(headers);
        if (config.rewritesLocation() || config.locationScheme() != null) {
            rewriteLocation(response.status().code(), headers, origin, clientHost);
        }
    }

    /** The 101 of an upgrade passes as it is, with the two fields that make it one. */
    public static void applyToUpgrade(HttpResponse response) {
        HopByHop.removeAroundUpgrade(response.headers());
    }

    private void rewriteLocation(int status, HttpHeaders headers, Origin origin, @Nullable String clientHost) {
        List<String> locations = headers.getAll(HttpHeaderNames.LOCATION);
        if (locations.size() != 1 || !isRewritten(status)) {
            return;
        }
        Matcher location = ABSOLUTE.matcher(locations.get(0));
        if (!location.matches()) {
            return;
        }
        String scheme = location.group(1).toLowerCase(Locale.ROOT);
        String host = location.group(2);
        if (!withoutDefaultPort(host, scheme).equalsIgnoreCase(origin.hostHeader())) {
            return;
        }
        String newScheme = config.locationScheme() == null ? scheme : bare(config.locationScheme());
        String newHost = config.rewritesLocation() && clientHost != null ? clientHost : host;
        String rest = location.group(3);
        headers.set(HttpHeaderNames.LOCATION, newScheme + "://" + newHost + (rest.startsWith("/") ? rest : "/" + rest));
    }

    /** CHP leaves 303 alone. */
    private static boolean isRewritten(int status) {
        return status == 201 || status == 301 || status == 302 || status == 307 || status == 308;
    }

    private static String withoutDefaultPort(String host, String scheme) {
        String suffix = scheme.equals("https") ? ":443" : ":80";
        return host.endsWith(suffix) ? host.substring(0, host.length() - suffix.length()) : host;
    }

    /** People write the scheme with or without its colon. */
    private static String bare(String scheme) {
        return scheme.endsWith(":") ? scheme.substring(0, scheme.length() - 1) : scheme;
    }
}
