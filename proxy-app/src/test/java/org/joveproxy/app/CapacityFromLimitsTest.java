package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.joveproxy.core.config.CapacityConfig;
import org.joveproxy.core.threading.ProcessLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CapacityFromLimitsTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {128, 200, 256, 1_024, 4_096, 20_000, 65_536, 1_048_576})
    void everyClientCanHaveASocketToAnUpstream(long descriptors) {
        CapacityFromLimits capacity = new CapacityFromLimits(new ProcessLimits(descriptors, 1L << 40, 128 * MIB, 4096));

        int clients = capacity.clients();
        int accepted = clients + CapacityConfig.spareClients(clients);

        assertThat(clients).isPositive();
        assertThat(capacity.upstreamSockets(clients)).isGreaterThanOrEqualTo(clients);
        assertThat(accepted + (long) capacity.upstreamSockets(clients)).isEqualTo(capacity.sockets());
        assertThat(descriptors - capacity.sockets()).isGreaterThanOrEqualTo(64);
        assertThat(capacity.isEnoughFor(clients)).isTrue();
        assertThat(capacity.isEnoughFor(clients + clients / 8 + 9)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"48, 3072", "256, 16384", "512, 32768"})
    void theHeapHasRoomForEveryClient(long heapMib, int clients) {
        CapacityFromLimits capacity =
                new CapacityFromLimits(new ProcessLimits(1_048_576, heapMib * MIB, 128 * MIB, 4096));

        assertThat(capacity.clients()).isEqualTo(clients);
    }

    @ParameterizedTest
    @CsvSource({"24, 12582912", "128, 67108864", "0, 65536"})
    void halfOfTheDirectMemoryIsForBytesThatWait(long directMib, long bytes) {
        assertThat(new CapacityFromLimits(new ProcessLimits(1_024, 48 * MIB, directMib * MIB, 4096)).bufferedBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, 63, 64, 65, 80})
    void withHardlyAnyDescriptorsThereIsStillAClient(long descriptors) {
        CapacityFromLimits capacity = new CapacityFromLimits(new ProcessLimits(descriptors, 48 * MIB, 24 * MIB, 4096));

        assertThat(capacity.clients()).isPositive();
        assertThat(capacity.upstreamSockets(capacity.clients())).isPositive();
    }
}
