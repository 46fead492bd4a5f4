package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {
    @Test
    void aStoreThatWorksIsSeen() {
        assertThat(Peers.saysWorking("{\"status\":\"ready\",\"store\":{\"kind\":\"redis\",\"working\":true}}"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"store\":null}",
                "{\"store\":{\"working\":false}}",
                "{\"store\":{\"working\":\"true\"}}"
            })
    void anythingElseIsNoYes(String body) {
        assertThat(Peers.saysWorking(body)).isFalse();
    }
}
