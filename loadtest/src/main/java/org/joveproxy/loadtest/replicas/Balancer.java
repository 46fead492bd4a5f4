package org.joveproxy.loadtest.replicas;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.joveproxy.loadtest.subject.Daemon;
import org.joveproxy.loadtest.subject.Loopback;
import org.joveproxy.loadtest.subject.Ports;

/**
 * A real HAProxy before the replicas, for users and for the REST API. It passes bytes, so a connection stays with its replica,
 * and asks each replica four times a second whether it is ready. Any thread may call any method.
 */
final class Balancer implements AutoCloseable {
    static final String COMMAND = "haproxy";

    private static final int STARTS_WITHIN_MILLIS = 10_000;

    private final int publicPort = Ports.free();
    private final int apiPort = Ports.free();
    private final BalancerLog log = new BalancerLog();
    private final Path file;
    private final Daemon daemon;

    private Balancer(List<Replica> replicas, String check, Path folder, String name, DoubleSupplier clock)
            throws IOException {
        Path config = folder.resolve(name + "-haproxy.cfg");
        file = folder.resolve(name + "-haproxy.log");
        Files.writeString(config, configuration(replicas, check));
        daemon = Daemon.start(COMMAND, List.of("-db", "-f", config.toString()), line -> {
            log.add(clock.getAsDouble(), line);
            keep(clock.getAsDouble(), line);
        });
    }

    /**
     * Starts it and waits until it accepts.
     *
     * @param check the path that is asked for on the public port
     * @param folder for its configuration and its log
     */
    static Balancer start(List<Replica> replicas, String check, Path folder, String name, DoubleSupplier clock)
            throws IOException, InterruptedException {
        Balancer balancer = new Balancer(replicas, check, folder, name, clock);
        long deadline = System.nanoTime() + STARTS_WITHIN_MILLIS * 1_000_000L;
        while (!accepts(balancer.publicPort) || !accepts(balancer.apiPort)) {
            if (System.nanoTime() > deadline || !balancer.daemon.isAlive()) {
                balancer.close();
                throw new IOException(COMMAND + ": does not accept (expected: two ports), see " + balancer.file);
            }
            Thread.sleep(20);
        }
        return balancer;
    }

    private static boolean accepts(int port) {
        try (Socket probe = new Socket()) {
            probe.connect(Loopback.port(port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String configuration(List<Replica> replicas, String check) {
        StringBuilder text = new StringBuilder("""
                global
                    maxconn 2000
                    log stdout format raw local0
                defaults
                    mode tcp
                    log global
                    log-format "%s"
                    option dontlognull
                    option redispatch 1
                    retries 3
                    timeout connect 2s
                    timeout check 2s
                    timeout client 60s
                    timeout server 60s
                """.formatted(BalancerLog.FORMAT));
        side(text, BalancerLog.PUBLIC, publicPort, check);
        for (Replica replica : replicas) {
            text.append("    server %s 127.0.0.1:%d check%n".formatted(replica.name(), replica.publicPort()));
        }
        side(text, "api", apiPort, check);
        for (Replica replica : replicas) {
            text.append("    server %s 127.0.0.1:%d check port %d%n"
                    .formatted(replica.name(), replica.apiPort(), replica.publicPort()));
        }
        return text.toString();
    }

    private static void side(StringBuilder text, String name, int port, String check) {
        text.append("""
                frontend %1$s
                    bind 127.0.0.1:%2$d
                    default_backend %1$s
                backend %1$s
                    balance roundrobin
                    option httpchk GET %3$s
                    default-server inter 250ms fall 1 rise 1 on-marked-down shutdown-sessions
                """.formatted(name, port, check));
    }

    private void keep(double seconds, String line) {
        try {
            Files.writeString(
                    file, "%.3f %s%n".formatted(seconds, line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println(file + ": " + e);
        }
    }

    /** Where users connect to. */
    int publicPort() {
        return publicPort;
    }

    /** Where the hub connects to. */
    int apiPort() {
        return apiPort;
    }

    BalancerLog log() {
        return log;
    }

    @Override
    public void close() {
        daemon.close();
    }
}
