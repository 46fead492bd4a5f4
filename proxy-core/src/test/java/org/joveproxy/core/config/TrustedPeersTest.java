package org.joveproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrustedPeersTest {
    private static boolean isTrusted(String address, String... words) {
        return TrustedPeers.of(List.of(words)).contains(TrustedPeers.address(address));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.96.0.0/13, 10.103.255.255, true",
        "10.96.0.0/13, 10.104.0.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
    })
    void aNetworkHoldsTheAddressesWithItsPrefix(String network, String address, boolean expected) {
        assertThat(isTrusted(address, network)).isEqualTo(expected);
    }

    @Test
    void peersOnUnixSocketsAreTrustedWhenNamed() {
        assertThat(TrustedPeers.of(List.of("unix")).contains(null)).isTrue();
        assertThat(TrustedPeers.of(List.of("0.0.0.0/0", "::/0")).contains(null)).isFalse();
        assertThat(TrustedPeers.of(List.of("unix", "192.0.2.0/24"))).hasToString("192.0.2.0/24,unix");
    }

    @Test
    void nobodyIsTrustedUnlessNamed() {
        assertThat(TrustedPeers.none().isEmpty()).isTrue();
        assertThat(TrustedPeers.none().contains(TrustedPeers.address("127.0.0.1")))
                .isFalse();
        assertThat(TrustedPeers.none().contains(null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8 | '10.0.0.1/8' is invalid (expected: 10.0.0.0/8, whose bits behind the prefix are 0)",
                "10.0.0.0/33 | '10.0.0.0/33' is invalid (expected: a prefix length from 0 to 32)",
                "10.0.0.0/ | '10.0.0.0/' is invalid (expected: a prefix length from 0 to 32)",
                "fe80::/-1 | 'fe80::/-1' is invalid (expected: a prefix length from 0 to 128)",
                "fe80::1%eth0 | 'fe80::1%eth0' is invalid (expected: an IP address, a network such as 10.0.0.0/8, or"
                        + " unix)",
                "lb.example.org | 'lb.example.org' is invalid (expected: an IP address, a network such as 10.0.0.0/8,"
                        + " or unix)",
            },
            quoteCharacter = '"')
    void whatIsNoNetworkIsNamed(String word, String message) {
        assertThatThrownBy(() -> TrustedPeers.of(List.of(word)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
