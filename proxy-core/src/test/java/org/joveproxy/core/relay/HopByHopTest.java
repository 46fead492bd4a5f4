package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
    private static HttpHeaders headers(String... namesAndValues) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade"})
    void fieldsOfOneConnectionGo(String name) {
        HttpHeaders headers = headers(name, "x", "Accept", "y");

        HopByHop.removeFrom(headers);

        assertThat(headers.names()).containsExactly("Accept");
    }

    @Test
    void whatConnectionNamesGoes() {
        HttpHeaders headers =
                headers("Connection", "close, X-Mine", "X-MINE", "1", "connection", "x-other", "X-Other", "2");

        HopByHop.removeFrom(headers);

        assertThat(headers.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Content-Length", "Transfer-Encoding"})
    void namingAFramingFieldDoesNotRemoveIt(String name) {
        HttpHeaders headers = headers("Connection", name, name, "1");

        HopByHop.removeFrom(headers);

        assertThat(headers.get(name)).isEqualTo("1");
    }

    @Test
    void emptyOptionsAreNoNames() {
        HttpHeaders headers = headers("Connection", ", ,close,", "Accept", "y");

        HopByHop.removeFrom(headers);

        assertThat(headers.names()).containsExactly("Accept");
    }

    @Test
    void anUpgradeKeepsItsTwoFields() {
        HttpHeaders headers =
                headers("Connection", "keep-alive, Upgrade, X-Mine", "Upgrade", "websocket", "X-Mine", "1", "TE", "x");

        HopByHop.removeAroundUpgrade(headers);

        assertThat(headers.getAll("Connection")).containsExactly("Upgrade");
        assertThat(headers.get("Upgrade")).isEqualTo("websocket");
        assertThat(headers.size()).isEqualTo(2);
    }

    @Test
    void anUpgradesSecondConnectionFieldGoes() {
        HttpHeaders headers =
                headers("Connection", "Upgrade", "Connection", "X-Mine", "Upgrade", "websocket", "X-Mine", "1");

        HopByHop.removeAroundUpgrade(headers);

        assertThat(headers.getAll("Connection")).containsExactly("Upgrade");
        assertThat(headers.contains("X-Mine")).isFalse();
    }
}
