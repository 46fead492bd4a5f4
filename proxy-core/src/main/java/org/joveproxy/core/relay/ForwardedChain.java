package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import org.joveproxy.core.config.TrustedPeers;
import org.jspecify.annotations.Nullable;

/**
 * The hops that a trusted peer tells of in {@code X-Forwarded-For}, nearest last.
 *
 * <p>Any thread may call any method.
 */
final class ForwardedChain {
    static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");

    private ForwardedChain() {}

    /**
     * The client: the right-most hop that is not trusted itself, else the first of all. A hop that is no address ends the
     * chain, for whoever stands before it has been named by nobody who is trusted. Null when there is no chain.
     */
    static @Nullable String client(HttpHeaders headers, TrustedPeers trusted) {
        if (!headers.contains(FORWARDED_FOR)) {
            return null;
        }
        List<String> values = headers.getAll(FORWARDED_FOR);
        InetAddress client = null;
        for (int i = values.size() - 1; i >= 0; i--) {
            String value = values.get(i);
            int end = value.length();
            while (end >= 0) {
                int comma = value.lastIndexOf(',', end - 1);
                InetAddress hop = address(value.substring(comma + 1, end).trim());
                if (hop == null) {
                    return text(client);
                }
                client = hop;
                if (!trusted.contains(hop)) {
                    return text(client);
                }
                end = comma;
            }
        }
        return text(client);
    }

    private static @Nullable String text(@Nullable InetAddress address) {
        return address == null ? null : NetUtil.toAddressString(address);
    }

    /** The address in {@code hop}, which may have a port behind it, as some balancers write it. */
    static @Nullable InetAddress address(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? null : TrustedPeers.address(hop.substring(1, end));
        }
        int colon = hop.indexOf(':');
        boolean hasPort = colon > 0 && colon == hop.lastIndexOf(':') && hop.indexOf('.') > 0;
        return TrustedPeers.address(hasPort ? hop.substring(0, colon) : hop);
    }
}
