package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPortsTest {
    @TempDir
    Path settings;

    private void kernelSays(String range, String reserved) throws IOException {
        Files.writeString(settings.resolve("ip_local_port_range"), range);
        Files.writeString(settings.resolve("ip_local_reserved_ports"), reserved);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "32768\\t60999\\n | '\\n' | 28232",
                "32768 60999 | '' | 28232",
                "40000\\t40999\\n | 40000\\n | 999",
                "40000\\t40999\\n | 39990-40009,40500,40990-41010\\n | 979",
                "40000\\t40999\\n | 1-65535\\n | 0",
                "40000\\t40999\\n | 8080,9000-9010 | 1000",
                "5\\t5 | '' | 1"
            })
    void portsAreThoseOfTheRangeThatAreNotReserved(String range, String reserved, int expected) {
        String asWritten = range.replace("\\t", "\t").replace("\\n", "\n");

        assertThat(LocalPorts.count(asWritten, reserved.replace("\\n", "\n"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2 3", "60999 32768", "0 10", "1 65536", "a b"})
    void aRangeThatMakesNoSenseIsRefused(String range) {
        assertThatThrownBy(() -> LocalPorts.count(range, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fourFifthsOfThemMayBeUsed() throws IOException {
        kernelSays("40000\t40999\n", "\n");

        assertThat(new LocalPorts(settings, 1).limit()).isEqualTo(800);
    }

    @Test
    void eachSourceAddressBringsAsManyAgain() throws IOException {
        kernelSays("40000\t40999\n", "40000-40499\n");

        assertThat(new LocalPorts(settings, 3).limit()).isEqualTo(1_200);
        assertThat(new LocalPorts(settings, 0).limit()).isEqualTo(400);
    }

    @Test
    void oneSocketIsAlwaysAllowed() throws IOException {
        kernelSays("40000\t40000\n", "40000\n");

        assertThat(new LocalPorts(settings, 1).limit()).isOne();
    }

    @Test
    void aChangeOfTheSettingsIsSeenWhenTheyAreReadAgain() throws IOException {
        kernelSays("40000\t40999\n", "\n");
        LocalPorts ports = new LocalPorts(settings, 1);

        kernelSays("40000\t41999\n", "\n");
        assertThat(ports.limit()).isEqualTo(800);
        ports.readAgain();
        assertThat(ports.limit()).isEqualTo(1_600);

        kernelSays("nonsense", "\n");
        ports.readAgain();
        assertThat(ports.limit()).isEqualTo(1_600);
    }

    @Test
    void whereTheKernelSaysNothingThereIsNoLimit() {
        assertThat(new LocalPorts(settings, 1).limit()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void theKernelsOwnFilesAreRead() throws IOException {
        Path kernel = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        assumeThat(kernel).exists();

        // At most all ports, four fifths of which may be used.
        assertThat(LocalPorts.ofKernel(1).limit()).isBetween(1, 65_535 * 4 / 5);
    }
}
