package org.joveproxy.api;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of sockets in words: {@code 192.0.2.1:8000}, {@code [2001:db8::1]:8000} or {@code unix:} and a path.
 *
 * <p>Any thread may call any method.
 */
final class SocketText {
    private SocketText() {}

    /** {@code address} in words, or null when there is none. */
    static @Nullable String of(@Nullable SocketAddress address) {
        if (address == null) {
            return null;
        }
        return address instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? NetUtil.toSocketAddressString(inet)
                : "unix:" + address;
    }
}
