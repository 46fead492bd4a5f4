package org.joveproxy.core.routing;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom a route is for, as JupyterHub says in the data that it registers a route with. For metrics, whose labels must
 * not name users.
 */
public enum RouteClass {
    /** The hub itself. */
    HUB,
    /** A user's server. */
    USER,
    /** A service of the hub's. */
    SERVICE,
    /** The route of the command line, which takes what no other does. */
    DEFAULT,
    /** Any other: somebody has added it to the hub's settings, or past the hub. */
    EXTRA;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word used in metric labels. */
    public String label() {
        return label;
    }

    static RouteClass of(String path, Map<String, ? extends @Nullable Object> data) {
        if (Boolean.TRUE.equals(data.get("hub"))) {
            return HUB;
        }
        if (data.get("user") != null) {
            return USER;
        }
        if (data.get("service") != null) {
            return SERVICE;
        }
        return path.equals(RoutePath.ROOT) ? DEFAULT : EXTRA;
    }
}
