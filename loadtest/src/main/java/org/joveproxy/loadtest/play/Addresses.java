package org.joveproxy.loadtest.play;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Hands out addresses of 127.0.0.0/8, as a cluster gives each server one of its own and each user comes from elsewhere.
 *
 * <p>An address is never handed out twice, so nobody answers at the address of a server that has died. Confined to the
 * play's loop.
 */
final class Addresses {
    private static final int MOST = 254 * 254;

    private final int second;
    private int next;

    /** @param second the second of the four numbers; runs beside one another on one machine should differ in it */
    Addresses(int second) {
        if (second < 1 || second > 254) {
            throw new IllegalArgumentException("second: " + second + " (expected: 1 to 254)");
        }
        this.second = second;
    }

    /** The next one. */
    InetAddress next() {
        if (next == MOST) {
            throw new IllegalStateException("more than " + MOST + " addresses");
        }
        byte[] address = {127, (byte) second, (byte) (next / 254 + 1), (byte) (next % 254 + 1)};
        next++;
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
