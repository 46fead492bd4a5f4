package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HandshakesTest {
    private static String output(String marks, int connections) {
        return "Collecting connection statistics for 1 seconds\n" + marks + "\n\n" + connections
                + " connections in 0.13s; 1123.08 connections/user sec, bytes read 0\n" + connections
                + " connections in 2 real seconds, 144 bytes read per connection\n";
    }

    @Test
    void connectionsAreCounted() throws Exception {
        assertThat(new Handshakes(8, false).connections(output("****", 4))).isEqualTo(4);
        assertThat(new Handshakes(8, true).connections(output("rrr", 3))).isEqualTo(3);
    }

    @Test
    void eachMustBeWhatWasAskedFor() {
        assertThatThrownBy(() -> new Handshakes(8, false).connections(output("**r*", 4)))
                .hasMessageContaining("1 of them resumed");
        assertThatThrownBy(() -> new Handshakes(8, true).connections(output("rr*", 3)))
                .hasMessageContaining("1 of them not resumed");
    }

    @Test
    void noConnectionIsAFailure() {
        assertThatThrownBy(() -> new Handshakes(8, false).connections("connect: Connection refused"))
                .hasMessageContaining("Connection refused");
    }
}
