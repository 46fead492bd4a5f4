package org.joveproxy.store.shared;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.StoreStatus;

/** A replica in a process of its own, which says how it is for each path that it reads, until there is no more to read. */
final class ReplicaChild {
    private ReplicaChild() {}

    /** Takes the store's URL. */
    public static void main(String[] arguments) throws IOException {
        RouteTable routes = new RouteTable();
        SharedConfig config =
                new SharedConfig(StoreAddress.parse(arguments[0]), () -> null, () -> null, "jove", "child", null);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (SharedStore store =
                new SharedStore(config, routes, null, ProxyObserver.none(), System::currentTimeMillis)) {
            store.start(0, false);
            for (String path = in.readLine(); path != null; path = in.readLine()) {
                StoreStatus status = store.status();
                // Looked for afterwards: a replica that is ready has the route.
                Route route = routes.get(path);
                String target = route == null ? "-" : route.target().raw();
                out.write((status.hasRoutes() + " " + status.isWorking() + " " + target + " " + status.detail() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
