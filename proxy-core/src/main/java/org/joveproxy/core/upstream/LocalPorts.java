package org.joveproxy.core.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.joveproxy.core.threading.KernelFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many TCP sockets to one target the machine's local ports allow: each needs a port of its own from the kernel's range
 * (ip(7), {@code ip_local_port_range}), and a fifth is left for sockets that have closed lately and for other programs.
 *
 * <p>Any thread may call any method except that {@link #readAgain} waits for files. Invariant: the limit is at least 1.
 */
public final class LocalPorts {
    private static final Logger logger = LoggerFactory.getLogger(LocalPorts.class);
    private static final Path KERNEL_SETTINGS = Path.of("/proc/sys/net/ipv4");
    private static final int USED_PERCENT = 80;

    private final Path settings;
    private final int sourceAddresses;
    private volatile int limit = Integer.MAX_VALUE;

    /** The kernel's ports for each of {@code sourceAddresses} addresses. */
    public static LocalPorts ofKernel(int sourceAddresses) {
        return new LocalPorts(KERNEL_SETTINGS, sourceAddresses);
    }

    /** The ports of which files in {@code settings} tell. */
    LocalPorts(Path settings, int sourceAddresses) {
        this.settings = settings;
        this.sourceAddresses = Math.max(1, sourceAddresses);
        readAgain();
    }

    /** Sockets that one target may have; no limit where the kernel does not say how many ports there are. */
    int limit() {
        return limit;
    }

    /** Reads the kernel's settings, which an operator may have changed. What makes no sense changes nothing. */
    public void readAgain() {
        try {
            long ports = count(read("ip_local_port_range"), reserved());
            long allowed = Math.max(1, ports * USED_PERCENT / 100 * sourceAddresses);
            limit = (int) Math.min(Integer.MAX_VALUE, allowed);
        } catch (IOException | IllegalArgumentException e) {
            logger.debug("The range of local ports is not known: {}", e.toString());
        }
    }

    private String read(String name) throws IOException {
        return KernelFile.read(settings.resolve(name));
    }

    private String reserved() throws IOException {
        return Files.exists(settings.resolve("ip_local_reserved_ports")) ? read("ip_local_reserved_ports") : "";
    }

    /**
     * The ports from the first to the last of {@code range}, without those that are reserved.
     *
     * @param range two numbers with blanks between them
     * @param reserved numbers and ranges such as {@code 8080,9000-9010}; may be empty
     */
    static int count(String range, String reserved) {
        String[] ends = range.trim().split("\\s+");
        if (ends.length != 2) {
            throw new IllegalArgumentException("ip_local_port_range: " + range.trim() + " (expected: two numbers)");
        }
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[1]);
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException(
                    "ip_local_port_range: " + range.trim() + " (expected: 1 <= first <= last)");
        }
        int count = last - first + 1;
        for (String part : reserved.trim().split(",")) {
            if (!part.isEmpty()) {
                String[] bounds = part.split("-", 2);
                int from = Math.max(first, Integer.parseInt(bounds[0].trim()));
                int to = Math.min(last, Integer.parseInt(bounds[bounds.length - 1].trim()));
                count -= Math.max(0, to - from + 1);
            }
        }
        return Math.max(0, count);
    }
}
