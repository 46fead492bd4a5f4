package org.joveproxy.store.shared;

/**
 * The names of what the store holds. The braces have a cluster keep all of it in one place.
 *
 * <p>Immutable.
 *
 * @param routes a hash: the data of each route by its path, and beside them, under names that are no paths, what belongs to
 *     the whole, so that one cannot be lost without the other
 * @param activity a sorted set: when each route was last used
 * @param changes a stream: the changes, each under its number
 * @param news a stream: who has applied what, and whose activity to look at
 * @param seen a sorted set: when each replica was last heard of
 * @param applied a hash: how far each replica is
 * @param replicas a hash: who each replica is
 */
record Keys(String routes, String activity, String changes, String news, String seen, String applied, String replicas) {
    static Keys of(String prefix) {
        String tag = "{" + prefix + "}:";
        return new Keys(
                tag + "routes",
                tag + "activity",
                tag + "changes",
                tag + "news",
                tag + "seen",
                tag + "applied",
                tag + "replicas");
    }

    /** Where replica {@code id} collects routes that are to come into force all at once. */
    String filledRoutes(String id) {
        return routes + ":of:" + id;
    }

    /** Beside {@link #filledRoutes}. */
    String filledActivity(String id) {
        return activity + ":of:" + id;
    }
}
