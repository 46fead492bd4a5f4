package org.joveproxy.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the metrics are served beside the API's own calls: for those who may call the API, and for those who know a token that
 * is good for nothing else.
 *
 * <p>Immutable.
 *
 * @param tokens gives those that are good for the metrics alone, now; asked for each request, on an event loop
 * @param source has pages made
 */
public record MetricsAccess(Supplier<List<String>> tokens, Source source) {
    /** Has pages made. Called on an event loop, so it must not block. */
    @FunctionalInterface
    public interface Source {
        /**
         * A page for a request with this {@code Accept} field.
         *
         * @throws java.util.concurrent.RejectedExecutionException when too many are asked for at a time
         */
        CompletableFuture<Page> page(@Nullable String accept);
    }

    /** A page, and the {@code Content-Type} to send it with. */
    public record Page(String contentType, String text) {}

    /** For people; without the tokens. */
    @Override
    public String toString() {
        return "MetricsAccess[token=" + (tokens.get().isEmpty() ? "none" : "***") + "]";
    }
}
