package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.joveproxy.core.config.TrustedPeers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestIdsTest {
    private static final TrustedPeers TRUSTED = TrustedPeers.of(List.of("10.0.0.1"));

    private final RequestIds ids = new RequestIds(7);

    private String id(String peer, String... given) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (String each : given) {
            headers.add("X-Request-ID", each);
        }
        return ids.of(headers, ClientFacts.of(TrustedPeers.address(peer), false, TRUSTED));
    }

    @Test
    void aTrustedPeersNameIsTakenOver() {
        assertThat(id("10.0.0.1", "Root=1-67891233-abcdef012345678912345678"))
                .isEqualTo("Root=1-67891233-abcdef012345678912345678");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a,b", "é", "{}", "a;b"})
    void whatCouldSpoilALogIsNot(String given) {
        assertThat(id("10.0.0.1", given)).matches("[0-9a-f]{32}");
    }

    @Test
    void norIsALongOneNorOneOfTwo() {
        assertThat(id("10.0.0.1", "a".repeat(128))).isEqualTo("a".repeat(128));
        assertThat(id("10.0.0.1", "a".repeat(129))).matches("[0-9a-f]{32}");
        assertThat(id("10.0.0.1", "a", "b")).matches("[0-9a-f]{32}");
    }

    @Test
    void norIsAStrangers() {
        assertThat(id("10.0.0.2", "mine")).matches("[0-9a-f]{32}");
    }

    @Test
    void noTwoAreTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            seen.add(id("10.0.0.2"));
        }
        assertThat(seen).hasSize(10_000);
    }
}
