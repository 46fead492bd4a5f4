package org.joveproxy.core.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose word about their own clients is taken: networks, single addresses, and whoever comes over a unix socket.
 *
 * <p>Immutable; any thread may call any method.
 */
public final class TrustedPeers {
    /** What stands for a peer that comes over a unix socket. */
    public static final String UNIX = "unix";

    private static final TrustedPeers NONE = new TrustedPeers(List.of(), false);

    private final List<Network> networks;
    private final boolean hasUnix;

    private static final class Network {
        private final InetAddress address;
        private final byte[] bytes;
        private final int prefix;

        Network(InetAddress address, int prefix) {
            this.address = address;
            this.bytes = address.getAddress();
            this.prefix = prefix;
        }

        boolean contains(byte[] other) {
            if (other.length != bytes.length) {
                return false;
            }
            int whole = prefix / Byte.SIZE;
            for (int i = 0; i < whole; i++) {
                if (other[i] != bytes[i]) {
                    return false;
                }
            }
            int rest = prefix % Byte.SIZE;
            return rest == 0 || ((other[whole] ^ bytes[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
        }

        @Override
        public String toString() {
            String text = NetUtil.toAddressString(address);
            return prefix == bytes.length * Byte.SIZE ? text : text + '/' + prefix;
        }
    }

    private TrustedPeers(List<Network> networks, boolean hasUnix) {
        this.networks = List.copyOf(networks);
        this.hasUnix = hasUnix;
    }

    /** Nobody. */
    public static TrustedPeers none() {
        return NONE;
    }

    /**
     * Those that {@code words} name: {@code 10.0.0.0/8}, {@code 192.0.2.7}, {@code 2001:db8::/32} or {@code unix}.
     *
     * @throws IllegalArgumentException when one is none of these; the message names it and says what was expected
     */
    public static TrustedPeers of(List<String> words) {
        List<Network> networks = new ArrayList<>();
        boolean hasUnix = false;
        for (String word : words) {
            if (word.equals(UNIX)) {
                hasUnix = true;
            } else {
                networks.add(network(word));
            }
        }
        return words.isEmpty() ? NONE : new TrustedPeers(networks, hasUnix);
    }

    private static Network network(String word) {
        int slash = word.indexOf('/');
        InetAddress address = address(slash < 0 ? word : word.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(
                    "'" + word + "' is invalid (expected: an IP address, a network such as 10.0.0.0/8, or unix)");
        }
        byte[] bytes = address.getAddress();
        int longest = bytes.length * Byte.SIZE;
        int prefix = slash < 0 ? longest : prefix(word.substring(slash + 1));
        if (prefix < 0 || prefix > longest) {
            throw new IllegalArgumentException(
                    "'" + word + "' is invalid (expected: a prefix length from 0 to " + longest + ")");
        }
        InetAddress first = firstOf(bytes, prefix);
        if (!first.equals(address)) {
            throw new IllegalArgumentException("'" + word + "' is invalid (expected: " + NetUtil.toAddressString(first)
                    + "/" + prefix + ", whose bits behind the prefix are 0)");
        }
        return new Network(address, prefix);
    }

    private static int prefix(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    private static InetAddress firstOf(byte[] bytes, int prefix) {
        byte[] first = bytes.clone();
        for (int bit = prefix; bit < first.length * Byte.SIZE; bit++) {
            first[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
        }
        try {
            return InetAddress.getByAddress(first);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address of " + first.length + " bytes", e);
        }
    }

    /** The IP address that {@code text} is, of either version, or null; no name is looked up. */
    public static @Nullable InetAddress address(String text) {
        // A zone is one machine's own name for a link, which no other can mean.
        return text.indexOf('%') >= 0 ? null : NetUtil.createInetAddressFromIpAddressString(text);
    }

    /** Whether nobody is trusted. */
    public boolean isEmpty() {
        return networks.isEmpty() && !hasUnix;
    }

    /** Whether the peer with {@code address} is one of them; null stands for one on a unix socket. */
    public boolean contains(@Nullable InetAddress address) {
        if (address == null) {
            return hasUnix;
        }
        if (networks.isEmpty()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.contains(bytes)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        networks.forEach(network -> words.add(network.toString()));
        if (hasUnix) {
            words.add(UNIX);
        }
        return String.join(",", words);
    }
}
