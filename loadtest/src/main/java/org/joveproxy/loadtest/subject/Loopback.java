package org.joveproxy.loadtest.subject;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The only addresses that this tool knows: those of this machine to itself. Any thread may call it. */
public final class Loopback {
    private Loopback() {}

    /** Port {@code port} of 127.0.0.1. */
    public static InetSocketAddress port(int port) {
        return address(1, port);
    }

    /** Port {@code port} of 127.0.0.{@code last}, which is another peer on the same machine. */
    public static InetSocketAddress address(int last, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
