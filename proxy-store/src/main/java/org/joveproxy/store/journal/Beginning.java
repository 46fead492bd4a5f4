package org.joveproxy.store.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.journal.RouteFile.Contents;
import org.joveproxy.store.journal.RouteFile.Opened;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was kept back into force when the proxy starts, whatever has become of the file.
 *
 * <p>Confined to one thread.
 */
final class Beginning {
    private static final String HUB = "jupyterhub";

    private final JournalDirectory directory;
    private final @Nullable Target defaultTarget;
    private final RouteTable routes;
    private final Health health;
    private final long nowMillis;
    private boolean isRestored;
    private boolean hasRoot;

    Beginning(
            JournalDirectory directory,
            @Nullable Target defaultTarget,
            RouteTable routes,
            Health health,
            long nowMillis) {
        this.directory = directory;
        this.defaultTarget = defaultTarget;
        this.routes = routes;
        this.health = health;
        this.nowMillis = nowMillis;
    }

    /** What {@code target} is called in the file. */
    static String nameOf(@Nullable Target target) {
        return target == null ? "" : target.raw();
    }

    /**
     * Restores the routes and puts the default route in force. Returns the open file, or null when nothing can be kept for
     * now.
     *
     * @throws FileInUseException when another process has the file and keeps it for {@code patienceNanos}
     */
    @Nullable
    RouteFile run(long patienceNanos) throws FileInUseException {
        RouteFile file = null;
        try {
            directory.claim(patienceNanos);
            directory.dropNewFile();
            file = restored();
            putDefaultRoute();
            if (!hasRoot) {
                file.remove(RoutePath.ROOT);
            }
            file.sign(nameOf(defaultTarget));
            file.commit();
            return file;
        } catch (FileInUseException e) {
            throw e;
        } catch (IOException e) {
            if (file != null) {
                file.abandon();
            }
            health.fails(e);
            readAtLeast();
            putDefaultRoute();
            return null;
        }
    }

    /** Whether the root of the table is the command line's, which is not kept. */
    boolean hasOwnRoot() {
        return defaultTarget != null && !hasRoot;
    }

    private RouteFile restored() throws IOException {
        if (Files.notExists(directory.file())) {
            isRestored = true;
            return RouteFile.create(directory, nameOf(defaultTarget), List.of());
        }
        try {
            Opened opened = opened();
            restore(opened.contents());
            return opened.file();
        } catch (UnreadableFileException e) {
            return afterDamage(e);
        }
    }

    private Opened opened() throws IOException, UnreadableFileException {
        if (directory.isFatal()) {
            throw new UnreadableFileException("the last processes that read it have ended while they did");
        }
        directory.openingBegins();
        Opened opened = RouteFile.open(directory, nowMillis);
        directory.openingEnded();
        return opened;
    }

    private RouteFile afterDamage(UnreadableFileException damage) throws IOException {
        Contents earlier = directory.isFatal() ? null : RouteFile.salvage(directory, nowMillis);
        if (earlier != null) {
            restore(earlier);
        }
        isRestored = true;
        String where = directory.file() + " could not be read (" + damage.getMessage() + ") and is now "
                + directory.setAside(nowMillis).getFileName();
        health.loses(where + (earlier == null ? ", no route was restored" : ", the last changes are lost"));
        directory.openingEnded();
        return RouteFile.create(directory, nameOf(defaultTarget), earlier == null ? List.of() : earlier.routes());
    }

    private void readAtLeast() {
        if (!isRestored) {
            try {
                Opened opened = RouteFile.open(directory, nowMillis);
                opened.file().abandon();
                restore(opened.contents());
            } catch (IOException | UnreadableFileException e) {
                health.loses(directory.file() + " could not be read, no route was restored");
            }
        }
    }

    private void restore(Contents contents) {
        for (Route route : contents.routes()) {
            if (!route.path().equals(RoutePath.ROOT)) {
                routes.put(route);
            } else if (beatsDefault(route, contents.defaultTarget())) {
                routes.put(route);
                hasRoot = true;
            }
        }
        isRestored = true;
    }

    /** Only the hub may say something else than the command line, and only until the command line says something new. */
    private boolean beatsDefault(Route root, String formerDefault) {
        return defaultTarget == null || (root.data().containsKey(HUB) && formerDefault.equals(nameOf(defaultTarget)));
    }

    private void putDefaultRoute() {
        if (defaultTarget != null && !hasRoot) {
            routes.put(Route.of(RoutePath.ROOT, defaultTarget, nowMillis));
        }
    }
}
