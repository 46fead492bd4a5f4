package org.joveproxy.core.routing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store that several proxies share for a route that the table here may lack, since a change that others have made
 * may be late.
 *
 * <p>Any thread may call any method, an event loop's too: nothing blocks.
 */
@FunctionalInterface
public interface SecondLook {
    /** How long a look takes at most, whatever becomes of it. */
    Duration LIMIT = Duration.ofMillis(200);

    /** Of a store that nobody else changes: there is never a reason to look. */
    SecondLook NEVER = (decodedPath, found) -> null;

    /**
     * Has the table take in the store's route for {@code decodedPath}, if the table may lack one. Returns null when it does
     * not, or when too many ask: then {@code found} is what counts. Otherwise the future completes within {@link #LIMIT},
     * on any thread and never with a failure, and the path is to be resolved again.
     *
     * @param found what the table has for the path, which takes whatever no other route does; or null
     */
    @Nullable
    CompletableFuture<Void> look(String decodedPath, @Nullable Route found);
}
