package org.joveproxy.loadtest.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A control group that limits the memory of a process and its children, as a container does; of version 2 where the kernel
 * offers it, else of version 1. Needs to be root. Thread-confined to whoever starts the subject.
 */
final class MemoryLimit implements AutoCloseable {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final @Nullable Path group;
    private final String told;

    private MemoryLimit(@Nullable Path group, String told) {
        this.group = group;
        this.told = told;
    }

    /** A limit of {@code bytes}, or one that does nothing and says why. */
    static MemoryLimit of(long bytes) {
        if (bytes <= 0) {
            return new MemoryLimit(null, "no memory limit");
        }
        String name = "loadtest-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
        String mib = bytes / (1 << 20) + " MiB";
        try {
            if (Files.exists(GROUPS.resolve("cgroup.controllers"))) {
                Files.writeString(GROUPS.resolve("cgroup.subtree_control"), "+memory");
                Path group = Files.createDirectory(GROUPS.resolve(name));
                Files.writeString(group.resolve("memory.max"), Long.toString(bytes));
                if (Files.exists(group.resolve("memory.swap.max"))) {
                    Files.writeString(group.resolve("memory.swap.max"), "0");
                }
                return new MemoryLimit(group, "memory limit " + mib + " by a control group, version 2");
            }
            Path group = Files.createDirectory(GROUPS.resolve("memory").resolve(name));
            Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(bytes));
            return new MemoryLimit(group, "memory limit " + mib + " by a control group, version 1");
        } catch (IOException e) {
            return new MemoryLimit(
                    null, "memory limit " + mib + " NOT applied: " + e + " (expected: root, writable cgroup)");
        }
    }

    /** {@code words}, started inside the group. */
    List<String> around(List<String> words) {
        if (group == null) {
            return words;
        }
        List<String> wrapped = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString()));
        wrapped.addAll(words);
        return wrapped;
    }

    boolean isApplied() {
        return group != null;
    }

    /** What was done, for the report. */
    String told() {
        return told;
    }

    /** Removes the group; its processes must have ended. */
    @Override
    public void close() {
        if (group == null) {
            return;
        }
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                Files.deleteIfExists(group);
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(50_000_000); // the kernel has not let go of the last process yet
            }
        }
    }
}
