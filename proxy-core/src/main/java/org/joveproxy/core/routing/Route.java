package org.joveproxy.core.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the route table: requests below {@link #path} go to {@link #target}.
 *
 * <p>Any thread may call any method. All but the activity, the restoration and the count of the options is immutable.
 */
public final class Route {
    private static final String LAST_ACTIVITY = "last_activity";
    private static final String HUB = "hub";

    // Longer than anything is taken for young.
    private static final long LONG_AGO_NANOS = TimeUnit.DAYS.toNanos(365);

    private static final VarHandle OPTIONS;

    static {
        try {
            OPTIONS = MethodHandles.lookup().findVarHandle(Route.class, "options", RouteOptions.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String path;
    private final Target target;
    private final Map<String, @Nullable Object> data;
    private final RouteActivity activity;
    private final @Nullable Restoration restoration;
    private final long addedNanos;
    // Known when somebody has asked; whoever else asks at the same time finds the same.
    private @Nullable RouteClass routeClass;
    // Read when somebody has asked, where the data came out of a file: a start reads very many routes. A plain field is
    // enough, for all that is reached through it is final or atomic.
    private @Nullable RouteOptions options;

    private Route(
            String path,
            Target target,
            Map<String, @Nullable Object> data,
            RouteActivity activity,
            @Nullable Restoration restoration,
            @Nullable RouteOptions options,
            long addedNanos) {
        this.path = path;
        this.target = target;
        this.data = data;
        this.activity = activity;
        this.restoration = restoration;
        this.options = options;
        this.addedNanos = addedNanos;
    }

    /**
     * A route whose owner wants {@code data} kept for it: a JSON object made of strings, numbers, booleans, nulls, lists
     * and maps, which is given back as it is. {@linkplain #options Options} in it that make no sense are left out of
     * account; {@link RouteOptions#check} tells beforehand.
     *
     * @param path any spelling of the path
     * @param data copied without its {@code last_activity}, which {@link #activity} takes the place of
     * @param epochMillis when the route was last used
     */
    public static Route of(String path, Target target, Map<String, ? extends @Nullable Object> data, long epochMillis) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(data);
        copy.remove(LAST_ACTIVITY);
        copy.put("target", target.raw());
        String clean = RoutePath.clean(path);
        return new Route(
                clean,
                target,
                Collections.unmodifiableMap(copy),
                new RouteActivity(epochMillis),
                null,
                RouteOptions.ofKept(copy, shown(clean)),
                System.nanoTime());
    }

    /**
     * A route that a store had kept, and that nobody has confirmed since.
     *
     * @param data what {@link #data} was; not copied, and not changed any more
     * @param lastMillis when the route was last used, as the store knows it
     * @param restoredMillis the time at present
     */
    public static Route restored(
            String path, Target target, Map<String, @Nullable Object> data, long lastMillis, long restoredMillis) {
        return new Route(
                RoutePath.clean(path),
                target,
                data,
                new RouteActivity(lastMillis),
                new Restoration(restoredMillis),
                RouteOptions.UNREAD,
                longAgo());
    }

    /** A route without other data than its target. */
    public static Route of(String path, Target target, long epochMillis) {
        return of(path, target, Map.of(), epochMillis);
    }

    /**
     * This route with its data in another form.
     *
     * @param same says the same as {@link #data}; not copied, and not changed any more
     */
    public Route withData(Map<String, @Nullable Object> same) {
        return new Route(path, target, same, activity, restoration, options, addedNanos);
    }

    /** This route as one that has been there for long, although this process hears of it only now. */
    public Route notNew() {
        return new Route(path, target, data, activity, restoration, options, longAgo());
    }

    private static long longAgo() {
        return System.nanoTime() - LONG_AGO_NANOS;
    }

    /**
     * This route with the activity slot of the one it takes the place of, which requests in flight still write to, and with
     * the number of those. If it leads to the same target, it is no younger than that.
     */
    Route inPlaceOf(Route replaced) {
        long added = target.equals(replaced.target) ? replaced.addedNanos : addedNanos;
        return new Route(
                path, target, data, replaced.activity, restoration, optionsInPlaceOf(options, replaced.options), added);
    }

    /** Nobody has counted with options that nobody has read. */
    private static @Nullable RouteOptions optionsInPlaceOf(
            @Nullable RouteOptions options, @Nullable RouteOptions replaced) {
        if (options == null || options == RouteOptions.UNREAD || replaced == null || replaced == RouteOptions.UNREAD) {
            return options;
        }
        return options.inPlaceOf(replaced);
    }

    /** The prefix it answers for: decoded, beginning with a slash, without one at the end unless it is the root. */
    public String path() {
        return path;
    }

    /**
     * Whether it takes what no other route does: it is the root's, or that of a hub, which says so in its data and stands
     * above the routes of its users' servers.
     */
    public boolean takesTheRest() {
        return path.equals(RoutePath.ROOT) || Boolean.TRUE.equals(data.get(HUB));
    }

    /** Whom it is for. */
    public RouteClass routeClass() {
        RouteClass known = routeClass;
        if (known == null) {
            known = RouteClass.of(path, data);
            routeClass = known;
        }
        return known;
    }

    /** What holds for its requests alone, or null for nothing. */
    public @Nullable RouteOptions options() {
        RouteOptions known = options;
        return known == RouteOptions.UNREAD ? readOptions() : known;
    }

    /**
     * Race: two threads may both read, and warn. All use what the first has left, for requests are counted with it.
     */
    private @Nullable RouteOptions readOptions() {
        RouteOptions read = RouteOptions.ofKept(data, shown(path));
        RouteOptions before = (RouteOptions) OPTIONS.compareAndExchange(this, RouteOptions.UNREAD, read);
        return before == RouteOptions.UNREAD ? read : before;
    }

    /** Where its requests go. */
    public Target target() {
        return target;
    }

    /** The JSON object that the route was registered with; it has a {@code target} and never a last activity. */
    public Map<String, @Nullable Object> data() {
        return data;
    }

    /** When it was last used. */
    public RouteActivity activity() {
        return activity;
    }

    /**
     * How long ago it was added, or began to lead to this target, in nanoseconds; longer than any flag may say for a route
     * that was there before this process.
     *
     * @param nanoTime the present, by {@link System#nanoTime}
     */
    public long ageNanos(long nanoTime) {
        return nanoTime - addedNanos;
    }

    /** What is known of its restoration, or null for a route that was added since the start. */
    public @Nullable Restoration restoration() {
        return restoration;
    }

    /** For people, on one line: {@code /path -> target}. */
    @Override
    public String toString() {
        return shown(path) + " -> " + target;
    }

    private static String shown(String path) {
        return path.replaceAll("\\p{Cntrl}", "?");
    }
}
