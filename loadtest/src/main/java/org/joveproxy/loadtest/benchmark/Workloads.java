package org.joveproxy.loadtest.benchmark;

import java.util.ArrayList;
import java.util.List;

/** All scenarios, in the order in which they are run. */
final class Workloads {
    private static final int MEGABYTE = 1 << 20;

    private Workloads() {}

    static List<Workload> all() {
        return List.of(
                UnderLoad.micros("small", "small keep-alive, 64 clients", "request", Wrk.gets(64, Backend.SMALL)),
                UnderLoad.millis("download", "100 MB download, 8 clients", "100 MB", Wrk.downloads(8)),
                UnderLoad.micros("upload", "1 MB uploads, 16 clients", "upload", Wrk.uploads(16, MEGABYTE)),
                UnderLoad.micros(
                        "websocket", "websocket messages of 64 bytes, 200 clients", "message", new Websockets(200, 64)),
                UnderLoad.micros(
                        "websocket-32k",
                        "websocket messages of 32 kB, 200 clients",
                        "message",
                        new Websockets(200, 32_768)));
    }

    /** Those of the given names, in their order; all of them for none. */
    static List<Workload> named(List<String> names) {
        if (names.isEmpty()) {
            return all();
        }
        List<Workload> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all().stream()
                    .filter(workload -> workload.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--scenarios: " + name + " (expected: "
                            + String.join(
                                    ", ", all().stream().map(Workload::name).toList()) + ")")));
        }
        return chosen;
    }
}
