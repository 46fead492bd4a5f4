package org.joveproxy.core.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of this machine that connections to upstreams come from, one after the other. Each has the kernel's whole
 * range of ports to itself.
 *
 * <p>Any thread may call any method except {@link #check}.
 */
public final class SourceAddresses {
    private final Map<Class<?>, List<InetAddress>> byFamily;
    private final AtomicInteger next = new AtomicInteger();

    /** With an empty list the kernel chooses. */
    public SourceAddresses(List<InetAddress> addresses) {
        byFamily = addresses.stream().distinct().collect(Collectors.groupingBy(Object::getClass));
    }

    /**
     * Refuses addresses that connections cannot come from.
     *
     * @throws IOException naming the first that is not one of this machine's
     */
    public void check() throws IOException {
        for (List<InetAddress> family : byFamily.values()) {
            for (InetAddress address : family) {
                try (Socket probe = new Socket()) {
                    probe.bind(new InetSocketAddress(address, 0));
                } catch (IOException e) {
                    throw new IOException(
                            "source address: " + address.getHostAddress() + " (expected: an address of this machine): "
                                    + e.getMessage(),
                            e);
                }
            }
        }
    }

    /** Where the next connection to {@code target} comes from, or null to let the kernel choose. */
    @Nullable
    InetSocketAddress towards(InetAddress target) {
        List<InetAddress> family = byFamily.get(target.getClass());
        if (family == null) {
            return null;
        }
        return new InetSocketAddress(family.get(Math.floorMod(next.getAndIncrement(), family.size())), 0);
    }

    /** By how many times they multiply the ports: the smaller number, when there are addresses of both families. */
    public int multiplier() {
        return byFamily.values().stream().mapToInt(List::size).min().orElse(1);
    }
}
