package org.joveproxy.core.threading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files below {@code /proc} and {@code /sys}, which the kernel writes when they are read. */
public final class KernelFile {
    private static final int MAX_BYTES = 256 * 1024;

    private KernelFile() {}

    /**
     * The whole text of {@code file}, up to 256 KiB. Blocks: not for an event loop.
     *
     * <p>The kernel gives the whole of a setting (proc_sys(5)) to the first read and nothing to the next, however little
     * was asked for. {@link Files#readString(Path)} asks for one byte first where a file says no size, and so takes 4096
     * for 4.
     */
    public static String read(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] text = new byte[MAX_BYTES];
            int length = stream.read(text);
            return new String(text, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        }
    }
}
