package org.joveproxy.core.threading;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.joveproxy.core.config.TcpConfig;
import org.joveproxy.core.config.TcpConfig.KeepAlive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TransportTest {
    private static final TcpConfig TCP = new TcpConfig(new KeepAlive(5, 6, 7), Duration.ofMillis(8));

    @Test
    @EnabledOnOs(OS.LINUX)
    void aListeningSocketOfLinuxHandsAllOfThemDown() {
        assertThat(Transport.EPOLL.handedDownOptions(TCP)).hasSameSizeAs(Transport.EPOLL.tcpOptions(TCP));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void epollAsksSilentPeersAndGivesUpThoseThatAcknowledgeNothing() {
        assertThat(Transport.EPOLL.tcpOptions(TCP))
                .containsEntry(ChannelOption.SO_KEEPALIVE, true)
                .containsEntry(EpollChannelOption.TCP_KEEPIDLE, 5)
                .containsEntry(EpollChannelOption.TCP_KEEPINTVL, 6)
                .containsEntry(EpollChannelOption.TCP_KEEPCNT, 7)
                .containsEntry(EpollChannelOption.TCP_USER_TIMEOUT, 8)
                .containsKey(EpollChannelOption.TCP_NOTSENT_LOWAT);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theSelectorAsksSilentPeersToo() {
        Map<String, Object> options = new HashMap<>();
        Transport.NIO.tcpOptions(TCP).forEach((option, value) -> options.put(option.name(), value));

        assertThat(options)
                .containsEntry("TCP_KEEPIDLE", 5)
                .containsEntry("TCP_KEEPINTERVAL", 6)
                .containsEntry("TCP_KEEPCOUNT", 7);
    }

    @ParameterizedTest
    @CsvSource({"8, 128, 8", "64, 384, 64", "64, 128, 21", "64, 24, 4", "2, 128, 2", "64, 3, 1"})
    void eachLoopHasAnArenaWhereMemoryAllows(int processors, long mostMebibytes, int arenas) {
        assertThat(Transport.arenas(processors, mostMebibytes << 20)).isEqualTo(arenas);
    }

    @ParameterizedTest
    @EnumSource
    void withoutKeepAliveNobodyIsAsked(Transport transport) {
        assertThat(transport.tcpOptions(new TcpConfig(null, null)))
                .containsEntry(ChannelOption.TCP_NODELAY, true)
                .doesNotContainKeys(ChannelOption.SO_KEEPALIVE, EpollChannelOption.TCP_USER_TIMEOUT);
    }
}
