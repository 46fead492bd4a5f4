package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelCountersTest {
    @Test
    void whatWasCountedInBetweenIsTold() {
        KernelCounters before = KernelCounters.parse(
                List.of("TcpExt: Other ListenOverflows TCPSynRetrans", "TcpExt: 5 10 3", "IpExt: X", "IpExt: 1"));
        KernelCounters after = KernelCounters.parse(
                List.of("TcpExt: Other ListenOverflows TCPSynRetrans", "TcpExt: 9 10 7", "IpExt: X", "IpExt: 2"));

        assertThat(after.since(before)).containsExactly("SYNs sent again: 4");
    }

    @Test
    void thisKernelHasThem() {
        assertThat(KernelCounters.now().values()).containsKeys("ListenOverflows", "TCPSynRetrans");
    }
}
