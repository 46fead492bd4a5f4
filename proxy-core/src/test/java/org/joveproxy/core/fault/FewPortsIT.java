package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.testing.FewPorts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty local ports in a network namespace, for which one has to be root. */
class FewPortsIT {
    private static final String TWENTY_PORTS = "ip link set lo up"
            + " && echo '40000 40019' > /proc/sys/net/ipv4/ip_local_port_range"
            + " && exec \"$0\" -cp \"$1\" \"$2\" \"$3\"";

    private static List<String> lines = List.of();

    @BeforeAll
    static void aProxyHasRun(@TempDir Path folder) throws Exception {
        assumeThat(isPossible(folder))
                .as("unshare and ip can make a network namespace")
                .isTrue();
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        TWENTY_PORTS,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        FewPorts.class.getName(),
                        folder.resolve("proxy.sock").toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean hasEnded = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        lines = Files.readAllLines(said, StandardCharsets.UTF_8);
        assertThat(hasEnded).as(String.join("\n", lines)).isTrue();
    }

    private static boolean isPossible(Path folder) throws InterruptedException {
        try {
            Process trial = new ProcessBuilder("unshare", "--net", "sh", "-c", "ip link set lo up")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("trial").toFile())
                    .start();
            return trial.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void fourFifthsOfThePortsAreUsedAndTheRestOfTheRequestsIsShed() {
        assertThat(lines)
                .contains("plain: {101=16, 503+=4}, breakers 0, first of all [UpstreamUse[origin=http://127.0.0.1:9000,"
                        + " sockets=16, limit=16]]");
    }

    @Test
    void portsThatOthersHaveTakenDoNotCountAgainstTheTarget() {
        assertThat(lines)
                .contains("taken: {101=10, 503+=4}, breakers 0, first of all [UpstreamUse[origin=http://127.0.0.1:9000,"
                        + " sockets=10, limit=16]]");
    }

    @Test
    void eachSourceAddressHasAllPortsForEachTarget() {
        assertThat(lines)
                .contains("sources: {101=60}, breakers 0, first of all [UpstreamUse[origin=http://127.0.0.1:9000,"
                        + " sockets=30, limit=32]]");
    }
}
