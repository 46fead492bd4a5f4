package org.joveproxy.store.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RoutePath;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.journal.RouteFile.Contents;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was kept back into force when the proxy starts, whatever has become of the file.
 *
 * <p>Confined to one thread at a time.
 */
final class Beginning {
    private static final String HUB = "jupyterhub";

    private final JournalDirectory directory;
    private final @Nullable Target defaultTarget;
    private final RouteTable routes;
    private final Health health;
    private final long nowMillis;
    private boolean hasRoot;
    private boolean isKept = true;

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
     * Claims the directory.
     *
     * @throws FileInUseException when another process has the file and keeps it for {@code patienceNanos}
     */
    void claim(long patienceNanos) throws FileInUseException {
        try {
            directory.claim(patienceNanos);
            directory.dropNewFile();
        } catch (FileInUseException e) {
            throw e;
        } catch (IOException e) {
            // There may be something to read all the same, as on a volume that is read-only.
            fails(e);
        }
    }

    /** Restores the routes and puts the default route in force. */
    void restore() {
        try {
            if (Files.notExists(directory.file())) {
                isKept = false;
            } else {
                restore(contents());
            }
        } catch (IOException e) {
            fails(e);
            health.loses(directory.file() + " could not be read, no route was restored");
        }
        putDefaultRoute();
    }

    private void fails(IOException failure) {
        isKept = false;
        health.fails(failure);
    }

    /** Whether a whole file says all that a new one would, so that nothing would be lost if this process ended now. */
    boolean isKept() {
        return isKept;
    }

    /** Whether the root of the table is the command line's, which is not kept. */
    boolean hasOwnRoot() {
        return defaultTarget != null && !hasRoot;
    }

    private Contents contents() throws IOException {
        try {
            if (directory.isFatal()) {
                throw UnreadableFileException.foreign("the last processes that read it have ended while they did");
            }
            directory.readingBegins();
            Contents contents = RouteFile.read(directory, nowMillis);
            directory.readingEnded();
            return contents;
        } catch (UnreadableFileException e) {
            return afterDamage(e);
        }
    }

    private Contents afterDamage(UnreadableFileException damage) throws IOException {
        isKept = false;
        Contents earlier = damage.isDamaged() ? salvaged() : null;
        String aside = directory.setAside(nowMillis).getFileName().toString();
        directory.readingEnded();
        health.loses(directory.file() + " could not be read (" + damage.getMessage() + ") and is now " + aside
                + (earlier == null ? ", no route was restored" : ", its last changes are lost"));
        return earlier == null ? new Contents(List.of(), "") : earlier;
    }

    private @Nullable Contents salvaged() {
        try {
            return RouteFile.salvage(directory, nowMillis);
        } catch (IOException e) {
            // There is no room for the copy that it takes.
            return null;
        }
    }

    private void restore(Contents contents) {
        List<Route> wanted = new ArrayList<>(contents.routes());
        // In the order of paths the root is the first, if there is one.
        if (!wanted.isEmpty() && wanted.get(0).path().equals(RoutePath.ROOT)) {
            hasRoot = beatsDefault(wanted.get(0), contents.defaultTarget());
            if (!hasRoot) {
                wanted.remove(0);
            }
        }
        routes.putAll(wanted);
        isKept &= contents.defaultTarget().equals(nameOf(defaultTarget));
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
