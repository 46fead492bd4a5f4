package org.joveproxy.core.threading;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the machine lets this process have.
 *
 * <p>Immutable.
 *
 * @param descriptors files and sockets that may be open at one time
 * @param heapBytes the most that the heap may take
 * @param directBytes the most that buffers beside the heap may take
 * @param longestBacklog connections that the kernel holds for a listener at most, whatever it asks for
 */
public record ProcessLimits(long descriptors, long heapBytes, long directBytes, int longestBacklog) {
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+|unlimited)");

    // Enough for any proxy, and what Linux itself allows a process by default at most (fs.nr_open).
    private static final long MANY_DESCRIPTORS = 1L << 20;

    /** The limits in force. Reads two files of the kernel: not for an event loop. */
    public static ProcessLimits ofThisProcess() {
        return new ProcessLimits(
                descriptors(read("/proc/self/limits")),
                Runtime.getRuntime().maxMemory(),
                PlatformDependent.maxDirectMemory(),
                backlog(read("/proc/sys/net/core/somaxconn")));
    }

    /** The soft limit, which the JVM raises to the hard one when it starts. */
    static long descriptors(String limits) {
        Matcher line = OPEN_FILES.matcher(limits);
        if (!line.find() || line.group(1).equals("unlimited")) {
            return MANY_DESCRIPTORS;
        }
        return Math.min(MANY_DESCRIPTORS, Long.parseLong(line.group(1)));
    }

    static int backlog(String somaxconn) {
        String number = somaxconn.strip();
        return number.matches("\\d{1,9}") ? Integer.parseInt(number) : Integer.MAX_VALUE;
    }

    /** Empty where there is no such file: not on Linux. */
    private static String read(String file) {
        try {
            return KernelFile.read(Path.of(file));
        } catch (IOException notHere) {
            return "";
        }
    }
}
