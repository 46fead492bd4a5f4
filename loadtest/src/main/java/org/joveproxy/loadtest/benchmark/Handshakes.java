package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.loadtest.subject.Daemon;

/**
 * Load from {@code openssl s_time}: TLS connections with one small request each, one after the other in each of some
 * processes. It says of each connection whether its session was resumed. Immutable.
 *
 * @param processes at the same time
 * @param resumes whether all connections but the first of a process must resume its session; otherwise none may
 */
record Handshakes(int processes, boolean resumes) implements Load {
    static final String COMMAND = "openssl";

    private static final int PATIENCE_SECONDS = 20;
    private static final Pattern COUNT = Pattern.compile("(\\d+) connections in \\d+ real seconds");
    private static final Pattern MARKS = Pattern.compile("[r*]+");

    @Override
    public Session open(Contender.Started proxy, Setup setup) {
        // What s_time puts behind the path makes a request that HTTP/1.1 servers need not take: it has no Host.
        String request =
                setup.somePath() + Backend.SMALL + " HTTP/1.0\r\nHost: 127.0.0.1:" + proxy.port() + "\r\nX-Rest:";
        return new Times(this, proxy.port(), request);
    }

    /** How many connections one process made, from what it wrote. */
    int connections(String output) throws BenchmarkException {
        Matcher count = COUNT.matcher(output);
        int connections = count.find() ? Integer.parseInt(count.group(1)) : 0;
        String marks = output.lines()
                .filter(line -> MARKS.matcher(line).matches())
                .findFirst()
                .orElse("");
        long wrong = marks.chars().filter(mark -> mark != (resumes ? 'r' : '*')).count();
        if (connections == 0 || marks.length() != connections || wrong > 0) {
            throw new BenchmarkException(
                    "TLS: " + connections + " connections, " + marks.length() + " of them told of, "
                            + wrong + " of them " + (resumes ? "not " : "") + "resumed (expected: some, all, none)\n"
                            + output.lines().filter(line -> line.length() < 200).toList());
        }
        return connections;
    }

    private record Times(Handshakes load, int port, String request) implements Session {
        @Override
        public Answers run(int seconds) throws IOException, InterruptedException, BenchmarkException {
            List<String> words = List.of(
                    "s_time",
                    "-connect",
                    "127.0.0.1:" + port,
                    load.resumes ? "-reuse" : "-new",
                    "-www",
                    request,
                    "-time",
                    Integer.toString(seconds));
            List<Daemon> running = new ArrayList<>();
            List<List<String>> outputs = new ArrayList<>();
            long began = System.nanoTime();
            try {
                for (int i = 0; i < load.processes; i++) {
                    List<String> output = Collections.synchronizedList(new ArrayList<>());
                    outputs.add(output);
                    running.add(Daemon.start(COMMAND, words, output::add));
                }
                for (Daemon one : running) {
                    if (!one.hasEnded(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                        throw new BenchmarkException(
                                COMMAND + ": still running (expected: ends after " + seconds + " s)");
                    }
                }
            } finally {
                running.forEach(Daemon::close);
            }
            double took = (System.nanoTime() - began) / 1e9;
            int connections = 0;
            for (List<String> output : outputs) {
                connections += load.connections(String.join("\n", output));
            }
            return new Answers(connections, took, 0, 0);
        }

        @Override
        public void close() {}
    }
}
