package org.joveproxy.core.relay;

import java.net.InetAddress;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the peers that have connected of late, said once: behind a balancer thousands of connections come from
 * a few addresses, and each keeps what is known of its peer for as long as it is open.
 *
 * <p>Confined to its event loop.
 */
@EventLoopConfined
public final class KnownPeers {
    // Each address has one place, where the latest stays. Addresses in a row, as balancers have them, do not share one.
    private static final int PLACES = 16;

    private final TrustedPeers trusted;
    private final @Nullable InetAddress[] addresses = new InetAddress[PLACES];
    private final @Nullable ClientFacts[] facts = new ClientFacts[PLACES];

    public KnownPeers(TrustedPeers trusted) {
        this.trusted = trusted;
    }

    /** What is known of a peer with {@code address}, null for a unix socket, before it has sent anything. */
    public ClientFacts of(@Nullable InetAddress address, boolean isEncrypted) {
        if (address == null) {
            return ClientFacts.of(null, isEncrypted, trusted);
        }
        int place = Math.floorMod(address.hashCode(), PLACES);
        ClientFacts known = facts[place];
        if (known == null || known.isEncrypted() != isEncrypted || !address.equals(addresses[place])) {
            known = ClientFacts.of(address, isEncrypted, trusted);
            addresses[place] = address;
            facts[place] = known;
        }
        return known;
    }
}
