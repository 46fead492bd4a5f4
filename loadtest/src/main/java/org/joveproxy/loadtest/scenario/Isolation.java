package org.joveproxy.loadtest.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether this process has a network namespace of its own, as the launcher makes one where it may. Only then may a scenario
 * change what the kernel does with packets and ports. Any thread may call any method.
 */
public final class Isolation {
    private static final Path PORT_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private static final Path PIT = Path.of("/proc/sys/net/ipv4/conf/pit0");

    private final boolean own;

    public Isolation(boolean own) {
        this.own = own;
    }

    /** As the launcher says in the environment. */
    public static Isolation ofThisProcess() {
        return new Isolation("own".equals(System.getenv("LOADTEST_NAMESPACE")));
    }

    /** Whether there is a namespace of our own. */
    public boolean isOwn() {
        return own;
    }

    /** Why something that needs a namespace is not run. */
    public String reason() {
        return "needs a network namespace of its own: root, and the commands unshare and ip";
    }

    /** Leaves the kernel only these ports for outgoing connections, both ends included. */
    public void limitPorts(int first, int last) throws IOException {
        requireOwn();
        Files.writeString(PORT_RANGE, first + " " + last);
    }

    /**
     * Has every packet to {@code address}, one of 127.0.0.0/8, vanish from now on. It is sent into one end of a cable whose
     * other end nobody listens to, so that the sender learns nothing.
     */
    public void drop(String address) throws IOException, InterruptedException {
        requireOwn();
        dig();
        ip("route", "add", loopback(address) + "/32", "dev", "pit0", "src", "127.0.0.1", "table", "local");
    }

    private static void dig() throws IOException, InterruptedException {
        if (Files.exists(PIT)) {
            return;
        }
        ip("link", "add", "pit0", "type", "veth", "peer", "name", "pit1");
        ip("link", "set", "pit1", "up");
        ip("link", "set", "pit0", "arp", "off", "up");
        Files.writeString(PIT.resolve("route_localnet"), "1");
    }

    /** Why packets cannot be dropped here, or an empty text. */
    public String whyNoDrops() throws InterruptedException {
        if (!own) {
            return reason();
        }
        try {
            dig();
            return "";
        } catch (IOException e) {
            return "the namespace has no veth devices: " + e.getMessage();
        }
    }

    /** Lets packets to {@code address} through again. */
    public void passAgain(String address) throws IOException, InterruptedException {
        requireOwn();
        ip("route", "del", loopback(address) + "/32", "table", "local");
    }

    private static String loopback(String address) {
        if (!address.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}") || "127.0.0.1".equals(address)) {
            throw new IllegalArgumentException(
                    "address: " + address + " (expected: one of 127.0.0.0/8, not 127.0.0.1)");
        }
        return address;
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        int code = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + ": exit code " + code);
        }
    }

    private void requireOwn() {
        if (!own) {
            throw new IllegalStateException("no network namespace of its own (expected: ask isOwn first)");
        }
    }
}
