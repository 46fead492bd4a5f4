package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.joveproxy.loadtest.kernel.Cores;
import org.joveproxy.loadtest.subject.Daemon;

/**
 * Who runs where: the proxy has one core, and the load, the servers behind the proxy and this JVM share the others.
 * Immutable.
 */
record Pinning(int proxyCore, List<Integer> otherCores) {
    static final String COMMAND = "taskset";

    Pinning {
        otherCores = List.copyOf(otherCores);
    }

    /** Gives the proxy the last core that this process may use. */
    static Pinning ofThisMachine() throws IOException, BenchmarkException {
        return of(Cores.allowed());
    }

    static Pinning of(List<Integer> cores) throws BenchmarkException {
        if (cores.size() < 2) {
            throw new BenchmarkException(
                    "cores: " + cores.size() + " (expected: 2, one for the proxy and one for the load)");
        }
        return new Pinning(cores.get(cores.size() - 1), cores.subList(0, cores.size() - 1));
    }

    /** Puts all threads of this JVM, and those that they will start, on the cores that are not the proxy's. */
    void moveThisProcess() throws IOException, InterruptedException {
        Process moving = new ProcessBuilder(
                        Daemon.find(COMMAND),
                        "--all-tasks",
                        "--cpu-list",
                        "--pid",
                        text(otherCores),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = moving.waitFor();
        if (code != 0) {
            throw new IOException(COMMAND + ": exit code " + code + " (expected: 0)");
        }
    }

    List<Integer> allCores() {
        List<Integer> all = new ArrayList<>(otherCores);
        all.add(proxyCore);
        return all;
    }

    /** What to put before a command that is to run on the proxy's core. */
    List<String> proxyPrefix() {
        return List.of(COMMAND, "--cpu-list", Integer.toString(proxyCore));
    }

    /** What to put before a command that may run everywhere. */
    List<String> allPrefix() {
        return List.of(COMMAND, "--cpu-list", text(allCores()));
    }

    private static String text(List<Integer> cores) {
        return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
