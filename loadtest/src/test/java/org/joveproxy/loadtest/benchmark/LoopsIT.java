package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.joveproxy.loadtest.kernel.ProcessTree;
import org.joveproxy.loadtest.subject.Daemon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real servers have as many loops as they were told. */
class LoopsIT {
    @TempDir
    private Path folder;

    @Test
    void nginxHasAWorkerForEachLoop() throws Exception {
        assumeTrue(Daemon.isInstalled(Nginx.COMMAND), "no nginx");
        expectWorkers(1, new Nginx());
        expectWorkers(2, new Nginx("nginx-2", 2));
    }

    /** The master accepts before it has started them. */
    private void expectWorkers(int workers, Nginx nginx) throws IOException, InterruptedException {
        try (Contender.Started master = nginx.start(setup(), List.of())) {
            await().untilAsserted(() -> assertThat(ProcessTree.of(master.pid())).hasSize(1 + workers));
        }
    }

    @Test
    void haproxyHasAThreadForEachLoop() throws Exception {
        assumeTrue(Daemon.isInstalled(Haproxy.COMMAND), "no haproxy");
        assertThat(threads(new Haproxy())).isEqualTo(1);
        assertThat(threads(new Haproxy("haproxy-2", 2))).isEqualTo(2);
    }

    private long threads(Haproxy haproxy) throws IOException, InterruptedException {
        try (Contender.Started started = haproxy.start(setup(), List.of());
                Stream<Path> threads = Files.list(Path.of("/proc/" + started.pid() + "/task"))) {
            return threads.count();
        }
    }

    private Setup setup() {
        return new Setup(folder, 1, 2, 1, null);
    }
}
