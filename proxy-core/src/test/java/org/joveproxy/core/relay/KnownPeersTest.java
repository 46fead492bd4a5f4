package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.joveproxy.core.config.TrustedPeers;
import org.junit.jupiter.api.Test;

class KnownPeersTest {
    private static final TrustedPeers TRUSTED = TrustedPeers.of(List.of("10.0.0.0/28", "unix"));

    private final KnownPeers peers = new KnownPeers(TRUSTED);

    @Test
    void connectionsOfOnePeerShareWhatIsKnownOfIt() throws Exception {
        ClientFacts first = peers.of(address(10, 0, 0, 1), false);
        peers.of(address(10, 0, 0, 2), false);

        assertThat(peers.of(address(10, 0, 0, 1), false)).isSameAs(first);
    }

    /** There are more addresses than places, so that each is pushed out by others. */
    @Test
    void whatIsKnownIsWhatWasLookedUp() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            InetAddress address = address(10, 0, random.nextInt(2), random.nextInt(64));
            boolean isEncrypted = random.nextBoolean();

            assertThat(peers.of(address, isEncrypted)).isEqualTo(ClientFacts.of(address, isEncrypted, TRUSTED));
        }
        assertThat(peers.of(null, true)).isEqualTo(ClientFacts.of(null, true, TRUSTED));
    }

    private static InetAddress address(int... bytes) throws Exception {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(raw);
    }
}
