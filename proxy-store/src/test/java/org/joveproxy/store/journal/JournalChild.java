package org.joveproxy.store.journal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;

/** A process that changes routes until it is killed, and says what it asks for and what was acknowledged. */
final class JournalChild {
    static final int THREADS = 4;
    static final int USERS_EACH = 5;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Journal journal;

    private JournalChild(Path directory) throws IOException {
        journal = Journal.open(
                new JournalConfig(directory, null),
                new RouteTable(),
                ProxyObserver.none(),
                System::currentTimeMillis,
                new Pace(
                        Duration.ofMillis(20),
                        Pace.USUAL.firstRetry(),
                        Pace.USUAL.lastRetry(),
                        Pace.USUAL.settling(),
                        Pace.USUAL.patience()));
        journal.awaitRoutes();
    }

    /** Takes the directory and a seed. */
    public static void main(String[] arguments) throws IOException {
        JournalChild child = new JournalChild(Path.of(arguments[0]));
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Random random = new Random(Long.parseLong(arguments[1]) * THREADS + i);
            new Thread(() -> child.changeForEver(thread, random)).start();
        }
    }

    private void changeForEver(int thread, Random random) {
        while (true) {
            String path = "/user/" + thread + "-" + random.nextInt(USERS_EACH);
            int port = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(60_000);
            say("asked " + path + " " + port);
            CompletableFuture<?> change = port == 0
                    ? journal.remove(path)
                    : journal.put(Route.of(path, Target.parse("http://127.0.0.1:" + port), 0));
            change.join();
            say("kept " + path + " " + port);
        }
    }

    private void say(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
