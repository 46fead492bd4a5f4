package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.joveproxy.core.lifecycle.ConnectionFilter;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsCallTest {
    private static ConnectionFilter filter(String query) {
        return ConnectionsCall.parse(query).filter();
    }

    @Test
    void withoutAQueryEverythingIsListedUpToALimit() {
        assertThat(ConnectionsCall.parse(null))
                .isEqualTo(new ConnectionsCall(ConnectionsCall.Form.LIST, ConnectionFilter.all(), 1_000));
        assertThat(ConnectionsCall.parse("")).isEqualTo(ConnectionsCall.parse(null));
    }

    @Test
    void everyParameterIsHeard() {
        ConnectionsCall call = ConnectionsCall.parse("role=client&phase=half_closed&route=%2Fuser%2Fada%2F"
                + "&peer=192.0.2.7:4711&target=http://127.0.0.1:9001/&older_than=1.5&after=77&limit=5");

        ConnectionFilter filter = call.filter();
        assertThat(filter.role()).isEqualTo(Role.CLIENT);
        assertThat(filter.phase()).isEqualTo(Phase.HALF_CLOSED);
        assertThat(filter.route()).isEqualTo("/user/ada");
        assertThat(String.valueOf(filter.peer())).isEqualTo("/192.0.2.7");
        assertThat(filter.peerPort()).isEqualTo(4711);
        assertThat(filter.target()).isEqualTo("http://127.0.0.1:9001");
        assertThat(filter.olderThan()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(filter.after()).isEqualTo(77);
        assertThat(call.limit()).isEqualTo(5);
        assertThat(call.form()).isEqualTo(ConnectionsCall.Form.LIST);
    }

    @ParameterizedTest
    @CsvSource({
        "summary, SUMMARY",
        "summary=, SUMMARY",
        "summary=1, SUMMARY",
        "summary=true, SUMMARY",
        "summary=json, SUMMARY_JSON",
        "summary=0, LIST",
        "summary=false, LIST",
        "limit=1, LIST"
    })
    void aSummaryIsForWhoAsksForIt(String query, ConnectionsCall.Form form) {
        assertThat(ConnectionsCall.parse(query).form()).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, 0",
        "127.0.0.1:80, 127.0.0.1, 80",
        "::1, 0:0:0:0:0:0:0:1, 0",
        "[::1], 0:0:0:0:0:0:0:1, 0",
        "[::1]:80, 0:0:0:0:0:0:0:1, 80"
    })
    void aPeerIsAnAddressWithOrWithoutAPort(String peer, String address, int port) {
        ConnectionFilter filter = filter("peer=" + peer);

        assertThat(String.valueOf(filter.peer())).isEqualTo("/" + address);
        assertThat(filter.peerPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "role=clients; role: clients (expected: client, upstream, api, metrics, redirect)",
                "role=; role:  (expected: client, upstream, api, metrics, redirect)",
                "phase=foo; phase: foo (expected: connecting, tls_handshake",
                "older_than=soon; older_than: soon (expected: seconds, such as 60 or 0.5)",
                "older_than=-1; older_than: -1 (expected: seconds",
                "older_than=1e99999999; older_than: 1e99999999 (expected: seconds",
                "limit=0; limit: 0 (expected: 1 to 10000)",
                "limit=10001; limit: 10001 (expected: 1 to 10000)",
                "limit=many; limit: many (expected: 1 to 10000)",
                "after=-1; after: -1 (expected: 0 or more)",
                "peer=localhost; peer: localhost (expected: an IP address, with or without a port)",
                "peer=127.0.0.1:x; port of peer: x (expected: 1 to 65535)",
                "summary=please; summary: please (expected: nothing, true, false or json)",
                "rol=client; unknown parameter: rol (expected: after, limit, older_than,"
            })
    void whatMeansNothingIsRefusedWithAReason(String query, String reason) {
        assertThatThrownBy(() -> ConnectionsCall.parse(query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(reason);
    }
}
