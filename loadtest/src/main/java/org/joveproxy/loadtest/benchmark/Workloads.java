package org.joveproxy.loadtest.benchmark;

import java.util.ArrayList;
import java.util.List;

/** All scenarios, in the order in which they are run. */
final class Workloads {
    private static final int MEGABYTE = 1 << 20;
    private static final int PROCESSES = 8;

    private Workloads() {}

    static List<Workload> all() {
        return List.of(
                UnderLoad.micros("small", "small keep-alive, 64 clients", "request", Wrk.gets(64, Backend.SMALL)),
                UnderLoad.micros("small-300", "small keep-alive, 300 clients", "request", Wrk.gets(300, Backend.SMALL)),
                UnderLoad.micros("medium", "10 kB, 64 clients", "request", Wrk.gets(64, Backend.MEDIUM)),
                UnderLoad.micros(
                        "connections",
                        "a new connection for each request, 64 clients",
                        "request",
                        Wrk.gets(64, Backend.SMALL).withoutKeepAlive()),
                UnderLoad.millis("download", "100 MB download, 8 clients", "100 MB", Wrk.downloads(8)),
                UnderLoad.micros("upload", "1 MB uploads, 16 clients", "upload", Wrk.uploads(16, MEGABYTE)),
                UnderLoad.micros("tls", "TLS, small keep-alive, 64 clients", "request", Wrk.gets(64, Backend.SMALL))
                        .withTls(),
                UnderLoad.micros(
                                "tls-handshake",
                                "a new TLS session for each request, 8 clients",
                                "request",
                                new Handshakes(PROCESSES, false))
                        .withTls(),
                UnderLoad.micros(
                                "tls-resumed",
                                "a resumed TLS session for each request, 8 clients",
                                "request",
                                new Handshakes(PROCESSES, true))
                        .withTls(),
                UnderLoad.millis("tls-download", "TLS, 100 MB download, 8 clients", "100 MB", Wrk.downloads(8))
                        .withTls(),
                UnderLoad.micros(
                        "websocket", "websocket messages of 64 bytes, 200 clients", "message", new Websockets(200, 64)),
                UnderLoad.micros(
                        "websocket-32k",
                        "websocket messages of 32 kB, 200 clients",
                        "message",
                        new Websockets(200, 32_768)),
                UnderLoad.micros(
                        "half-load",
                        "small keep-alive at half of what the proxy can, 256 clients",
                        "request",
                        new HalfLoad(Wrk.gets(256, Backend.SMALL))),
                table("routes-10", "10 routes", 10),
                table("routes-10k", "10,000 routes", 10_000),
                table("routes-100k", "100,000 routes", 100_000),
                UnderLoad.micros(
                        "beside-idle",
                        "small keep-alive, 64 clients, beside 5,000 idle websockets",
                        "request",
                        new BesideIdle(Wrk.gets(64, Backend.SMALL), 5_000)),
                loops("loops", "any of 100 routes", Wrk.gets(64, Backend.SMALL).forAllRoutes()),
                loops("loops-one-route", "one route", Wrk.gets(64, Backend.SMALL)),
                new IdleWebsockets("idle-websockets", 4000),
                new StartUp("start"));
    }

    private static Workload table(String name, String routes, int number) {
        return UnderLoad.micros(
                        name,
                        "small keep-alive, 64 clients, for any of " + routes,
                        "request",
                        Wrk.gets(64, Backend.SMALL).forAllRoutes())
                .withRoutes(number);
    }

    private static Workload loops(String name, String routes, Load load) {
        return new Loops(UnderLoad.micros(name, "small keep-alive, for " + routes + ", all cores", "request", load)
                .onAllCores());
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
                                    ", ", all().stream().map(Workload::name).toList())
                            + ")")));
        }
        return chosen;
    }
}
