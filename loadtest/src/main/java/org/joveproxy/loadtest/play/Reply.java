package org.joveproxy.loadtest.play;

import org.jspecify.annotations.Nullable;

/**
 * How a request ended.
 *
 * @param status 0 when no head of an answer arrived
 * @param location of a redirect
 * @param trouble what is wrong with the transfer or the body; empty when all of it came as it should
 * @param hasLeft the client gave up by itself
 * @param nanos from the first byte sent to the last received
 */
record Reply(int status, @Nullable String location, String trouble, boolean hasLeft, long nanos) {
    boolean isWhole() {
        return status != 0 && trouble.isEmpty() && !hasLeft;
    }
}
