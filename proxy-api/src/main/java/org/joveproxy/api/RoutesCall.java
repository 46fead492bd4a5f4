package org.joveproxy.api;

import org.jspecify.annotations.Nullable;

/**
 * What a request to {@code /api/routes} is about.
 *
 * <p>Immutable.
 *
 * @param path the route it names; the root when it names none
 * @param isWholeTable whether it names no route
 * @param query what follows the question mark, or null
 */
record RoutesCall(
        String path, boolean isWholeTable, @Nullable String query) {}
