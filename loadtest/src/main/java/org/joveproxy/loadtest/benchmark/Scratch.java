package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for configurations, logs and what the backend serves. Goes with {@link #close} and with this JVM. Immutable.
 */
record Scratch(Path folder, Thread whenWeEnd) implements AutoCloseable {
    static Scratch make() throws IOException {
        Path folder = Files.createTempDirectory("benchmark");
        // The workers of a server that root has started are other users.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Thread hook = new Thread(() -> remove(folder), "remove-scratch");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Scratch(folder, hook);
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + folder + ": " + e);
        }
    }

    @Override
    public void close() {
        remove(folder);
        try {
            Runtime.getRuntime().removeShutdownHook(whenWeEnd);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook with it
        }
    }
}
