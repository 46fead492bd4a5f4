package org.joveproxy.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves the metrics for those who may read them.
 *
 * <p>Any thread may call any method.
 */
final class MetricsEndpoint {
    private final TokenAuthorization authorization;
    private final MetricsAccess.Source source;

    /** For those who know one of {@code apiTokens} or one of the metrics' own; for everybody when there are neither. */
    MetricsEndpoint(Supplier<List<String>> apiTokens, MetricsAccess access) {
        this.authorization =
                new TokenAuthorization(() -> Stream.concat(access.tokens().get().stream(), apiTokens.get().stream())
                        .toList());
        this.source = access.source();
    }

    /** Whether a request with this {@code Authorization} may read. */
    boolean permits(@Nullable String authorized) {
        return authorization.permits(authorized);
    }

    /** A page for a request with this {@code Accept}. */
    CompletableFuture<AdminAnswer> read(@Nullable String accept) {
        try {
            return source.page(accept).thenApply(page -> AdminAnswer.page(page.contentType(), page.text()));
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.completedFuture(AdminAnswer.tryAgain("Too many ask for metrics"));
        }
    }
}
