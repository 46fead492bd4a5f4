package org.joveproxy.api;

import java.util.function.Function;

/**
 * What is to be done with a request whose head has been read.
 *
 * <p>Immutable.
 *
 * @param wantsBody whether the answer depends on the request's body; without it the body is not read
 * @param work makes the answer from the body, or from an empty text when the body is not wanted
 */
record AdminAction(boolean wantsBody, Function<String, AdminAnswer> work) {
    /** Gives {@code answer} whatever the body may be. */
    static AdminAction answering(AdminAnswer answer) {
        return new AdminAction(false, body -> answer);
    }

    AdminAnswer answer(String body) {
        return work.apply(body);
    }
}
