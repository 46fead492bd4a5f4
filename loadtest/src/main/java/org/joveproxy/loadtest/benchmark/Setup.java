package org.joveproxy.loadtest.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.joveproxy.loadtest.stage.TestCertificate;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is set up for. All proxies of a scenario have the same. Immutable.
 *
 * @param folder for configurations and logs
 * @param backendPort the server that all routes and the default target lead to
 * @param websocketPort the server that {@link #WEBSOCKET} leads to
 * @param routes how many routes the table has, beside that of the websockets
 * @param certificate what the public port shows; null for plain HTTP
 */
record Setup(
        Path folder,
        int backendPort,
        int websocketPort,
        int routes,
        @Nullable TestCertificate certificate) {
    /** The route of the websockets. */
    static final String WEBSOCKET = "/ws";

    /** A day: longer than any run, so that nothing is closed because it is idle. */
    static final int IDLE_SECONDS = 86_400;

    boolean isTls() {
        return certificate != null;
    }

    String scheme() {
        return isTls() ? "https" : "http";
    }

    /** The paths of all routes to the backend. */
    List<String> paths() {
        return IntStream.range(0, routes).mapToObj(Setup::path).toList();
    }

    /** The path of one of the routes, whatever their number: from the middle of a small table. */
    String somePath() {
        return path(Math.min(42, Math.max(0, routes - 1)));
    }

    /** The paths of {@code most} routes at most, from all over the table. */
    List<String> somePaths(int most) {
        int step = Math.max(1, routes / most);
        return IntStream.range(0, Math.min(most, routes))
                .mapToObj(i -> path(i * step))
                .toList();
    }

    private static String path(int number) {
        return "/user/user%06d".formatted(number);
    }
}
