package org.joveproxy.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is to be done with a request whose head has been read.
 *
 * <p>Immutable.
 *
 * @param wantsBody whether the answer is made after the request's body has come; otherwise the body is not read
 * @param work makes the answer from the body, or from an empty text when the body is not wanted
 */
record AdminAction(boolean wantsBody, Function<String, CompletableFuture<AdminAnswer>> work) {
    /** Gives {@code answer} whatever the body may be. */
    static AdminAction answering(AdminAnswer answer) {
        return now(false, body -> answer);
    }

    /** Gives the answer that {@code work} has at once. */
    static AdminAction now(boolean wantsBody, Function<String, AdminAnswer> work) {
        return new AdminAction(wantsBody, body -> CompletableFuture.completedFuture(work.apply(body)));
    }

    /** Gives an answer that takes time; the request is read to its end before it is begun. */
    static AdminAction later(Supplier<CompletableFuture<AdminAnswer>> work) {
        return new AdminAction(true, body -> work.get());
    }

    /** Begins to make the answer. */
    CompletableFuture<AdminAnswer> begin(String body) {
        return work.apply(body);
    }
}
