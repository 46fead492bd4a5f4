package org.joveproxy.loadtest.kernel;

import java.util.ArrayList;
import java.util.List;

/** A process and all that it started: a command may be a wrapper around the proxy. Any thread may call it. */
public final class ProcessTree {
    private ProcessTree() {}

    /** The ids of {@code pid} and its descendants; empty when it is gone. */
    public static List<Long> of(long pid) {
        List<Long> pids = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(root -> {
            pids.add(root.pid());
            root.descendants().forEach(child -> pids.add(child.pid()));
        });
        return pids;
    }
}
