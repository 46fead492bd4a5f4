package org.joveproxy.app;

import java.util.Map;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the environment how the proxy may speak to the hub.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class HubFromEnvironment {
    private static final String URL = EnvironmentVariables.HUB_URL.name();
    private static final String TOKEN = EnvironmentVariables.HUB_TOKEN.name();
    private static final String TOKEN_FILE = EnvironmentVariables.HUB_TOKEN_FILE.name();

    private HubFromEnvironment() {}

    /** The hub, or null when the environment names none. */
    static @Nullable HubConfig read(Map<String, String> environment, Secrets secrets) throws UsageException {
        String url = environment.getOrDefault(URL, "");
        Secret secret = secrets.read(Reloadable.HUB_TOKEN, TOKEN, TOKEN_FILE);
        String token = secret.value();
        if (url.isEmpty() && token == null) {
            return null;
        }
        if (url.isEmpty()) {
            throw UsageException.of("error: " + TOKEN + " is set and " + URL + " is not (expected: both, or neither)");
        }
        if (token == null) {
            throw UsageException.of(
                    "error: " + URL + " is set and no token (expected: " + TOKEN + " or " + TOKEN_FILE + ")");
        }
        if (!Secret.canBeSent(token)) {
            throw UsageException.of("error: the token of the hub's API holds a character that no header may have"
                    + " (expected: letters, digits and punctuation)");
        }
        return new HubConfig(target(url), () -> String.valueOf(secret.value()));
    }

    private static Target target(String url) throws UsageException {
        try {
            Target target = Target.parse(url);
            if (target.query() == null || target.query().isEmpty()) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            // Said below, with an example.
        }
        throw UsageException.of("error: " + URL + " '" + url
                + "' is invalid (expected: the URL of the hub's REST API, such as http://hub:8081/hub/api)");
    }
}
