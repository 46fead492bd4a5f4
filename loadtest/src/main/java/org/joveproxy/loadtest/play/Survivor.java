package org.joveproxy.loadtest.play;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.subject.Loopback;
import org.joveproxy.loadtest.subject.SubjectException;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that is killed and started again, with a folder that outlives it, a hub that changes its routes and servers to
 * which they lead. Confined to the thread that runs the scenario; what it begins runs on the play's loop.
 */
final class Survivor implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SERVERS = 16;
    private static final int SAMPLE_AT_A_TIME = 8;
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long PATIENCE_WITH_TABLE = Duration.ofMinutes(1).toNanos();
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration USE_IS_NOTED_WITHIN = Duration.ofMillis(50);

    private final Act act;
    private final Play play;
    private final Path state;
    private final SplittableRandom random;
    private final KnownRoutes known = new KnownRoutes();
    private final List<UserServer> servers = new ArrayList<>();
    private final HubChanges changes;
    private final Connections toApi;
    private final Connections toProxy;
    private final String headers;
    private Running running;
    private Instant killedAt = Instant.EPOCH;
    private int paths;

    /** How the first request through a proxy that was started again ended. */
    record FirstAnswer(double seconds, String trouble) {
        boolean isRight() {
            return trouble.isEmpty();
        }
    }

    private Survivor(Act act, Play play, Path state, SplittableRandom random)
            throws SubjectException, IOException, InterruptedException {
        this.act = act;
        this.play = play;
        this.state = state;
        this.random = random;
        running = act.startKeeping(state, play.hubUrl());
        headers = "Authorization: token " + running.subject().token() + "\r\n";
        for (int i = 0; i < SERVERS; i++) {
            servers.add(server());
        }
        toApi = connections(running.subject().apiPort(), RoutesClient.CONCURRENCY);
        toProxy = connections(running.subject().publicPort(), SAMPLE_AT_A_TIME);
        changes = new HubChanges(
                play.loop(),
                toApi,
                running.subject().token(),
                known,
                servers.stream().map(UserServer::target).toList(),
                random.split());
    }

    /** Starts a proxy with an empty table. */
    static Survivor start(Act act, Path parent, SplittableRandom random)
            throws SubjectException, IOException, InterruptedException {
        Path state = Files.createTempDirectory(parent, "loadtest-");
        act.mark("routes are kept in " + state);
        Play play = Play.start();
        try {
            act.stage().knows("hub", Play.HUB_PORT);
            act.stage().knows("servers", Play.SERVER_PORT);
            return new Survivor(act, play, state, random);
        } catch (SubjectException | IOException | RuntimeException | InterruptedException e) {
            play.close();
            delete(state);
            throw e;
        }
    }

    private UserServer server() throws IOException, InterruptedException {
        CompletableFuture<UserServer> ready = new CompletableFuture<>();
        play.loop()
                .run(() -> UserServer.startSigning(play.loop(), play.servers(), started -> {
                    if (started == null) {
                        ready.completeExceptionally(new IOException("no address left for a server"));
                    } else {
                        ready.complete(started);
                    }
                }));
        try {
            return ready.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private Connections connections(int port, int atATime) throws InterruptedException {
        return play.loop()
                .ask(() -> new Connections(
                        new Network(play.loop(), Loopback.port(port)),
                        play.users().next(),
                        atATime));
    }

    // ---- the hub ----

    /** Adds routes until there are {@code routes}; further changes leave about as many. */
    void fill(int routes) throws SubjectException, InterruptedException {
        int from = paths == 0 ? 0 : 4 * paths / 5;
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        play.loop().run(() -> {
            if (routes > from) {
                Repetition.begin(
                        routes - from,
                        RoutesClient.CONCURRENCY,
                        (i, whenDone) -> changes.add(from + i, whenDone),
                        () -> done.complete(true));
            } else {
                done.complete(true);
            }
        });
        await(done, routes + " routes are added");
        paths = routes + routes / 4;
        play.loop().await(() -> changes.roam(paths));
    }

    /** Begins to change routes; the answer completes when the last change was answered, or none can be any more. */
    Future<Boolean> changeRoutes(long most, int perSecond) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        play.loop().run(() -> changes.begin(most, perSecond, () -> over.complete(true)));
        return over;
    }

    /** Waits for {@code future}, for as long as the proxy lives. */
    void await(Future<?> future, String what) throws SubjectException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                future.get(200, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (!running.subject().isAlive()) {
                    throw new SubjectException(act.name() + " died: " + what);
                }
                if (System.nanoTime() > deadline) {
                    throw new SubjectException(
                            act.name() + ": " + what + " (expected: within " + LONGEST.toMinutes() + " min)");
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(what, e.getCause());
            }
        }
    }

    // ---- death and life ----

    /** Kills the proxy at this instant, whatever it is doing, and waits for {@code traffic} to notice. */
    void kill(Future<?> traffic) throws InterruptedException {
        running.subject().kill();
        killedAt = Instant.now();
        running.close();
        play.loop().await(changes::stop);
        try {
            traffic.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("changes", e.getCause());
        }
        play.loop().await(() -> {
            toApi.leave(true);
            toProxy.leave(true);
        });
    }

    /** Starts it again and kills it after {@code life}, while it is starting perhaps. */
    void stumble(Duration life) throws SubjectException, InterruptedException {
        running.subject().stumble(life);
    }

    /** Starts the proxy again and asks at once for something behind a route that it had; it gets no second chance. */
    FirstAnswer startAgain() throws SubjectException, InterruptedException {
        running = act.again(running);
        Asked asked = play.loop().ask(() -> {
            Asked first = new Asked(anyRoute());
            ask(first);
            return first;
        });
        await(asked.done, "the first request");
        double seconds = (System.nanoTime() - running.subject().startedAt()) / 1e9;
        return new FirstAnswer(seconds, asked.trouble());
    }

    /** Reads the table and holds it against what is known. */
    Aftermath compare() throws IOException, SubjectException, InterruptedException {
        byte[] table = table();
        return play.loop().ask(() -> known.compare(JSON.readTree(table), killedAt));
    }

    private byte[] table() throws IOException, SubjectException, InterruptedException {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        play.loop().run(() -> {
            Text text = new Text();
            toApi.send(new Request("GET", "/api/routes", headers, null, "", text, PATIENCE_WITH_TABLE, reply -> {
                if (reply.isWhole() && reply.status() == 200) {
                    done.complete(text.bytes.toByteArray());
                } else {
                    done.completeExceptionally(new IOException("GET /api/routes: " + reply));
                }
            }));
        });
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new SubjectException(act.name() + ": " + e.getMessage(), e);
        }
    }

    /** Asks for something behind {@code number} paths, with routes or without. Returns what was wrong with the answers. */
    List<String> sample(int number) throws SubjectException, InterruptedException {
        List<Asked> sample = play.loop().ask(() -> {
            List<Asked> asked = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                asked.add(new Asked(HubChanges.path(random.nextInt(paths))));
                ask(asked.get(i));
            }
            return asked;
        });
        List<String> wrong = new ArrayList<>();
        for (Asked one : sample) {
            await(one.done, "requests for any of the routes");
            if (!one.trouble().isEmpty()) {
                wrong.add(one.path + ": " + one.trouble());
            }
        }
        return wrong;
    }

    private String anyRoute() {
        for (int i = 0; i < 100 * paths; i++) {
            String path = HubChanges.path(random.nextInt(paths));
            if (!known.isChanging(path) && known.bodyOf(path) != null) {
                return path;
            }
        }
        throw new IllegalStateException("routes that are there for certain: 0 (expected: one or more)");
    }

    /** One request through the proxy. */
    private static final class Asked {
        final String path;
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private @Nullable Reply reply;
        private boolean hasRoute;

        Asked(String path) {
            this.path = path;
        }

        String trouble() {
            Reply answer = Objects.requireNonNull(reply, "it is done");
            if (hasRoute) {
                return answer.isWhole() && answer.status() == 200 ? "" : "a server's route, " + answer;
            }
            return answer.isWhole() && answer.status() == 424 ? "" : "no server's route, " + answer;
        }
    }

    private void ask(Asked asked) {
        String url = asked.path + "/api/status";
        String body = known.bodyOf(asked.path);
        asked.hasRoute = body != null;
        BodySink sink = body == null
                ? BodySink.ignoring()
                : UserServer.signedContentOf(targetIn(body), url).check();
        toProxy.send(new Request("GET", url, "", null, "", sink, PATIENCE, reply -> {
            asked.reply = reply;
            known.used(asked.path, Instant.now().plus(USE_IS_NOTED_WITHIN));
            asked.done.complete(true);
        }));
    }

    private static String targetIn(String body) {
        try {
            return JSON.readTree(body).path("target").asText();
        } catch (IOException e) {
            throw new UncheckedIOException("body: " + body, e);
        }
    }

    // ---- what is to be seen ----

    Running running() {
        return running;
    }

    PlayLoop loop() {
        return play.loop();
    }

    HubChanges changes() {
        return changes;
    }

    KnownRoutes known() {
        return known;
    }

    int paths() {
        return paths;
    }

    Path state() {
        return state;
    }

    /** Bytes of all files in the folder that outlives the proxy. */
    long stateBytes() throws IOException {
        long[] sum = {0};
        Files.walkFileTree(state, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // one that was replaced meanwhile
            }
        });
        return sum[0];
    }

    /** Takes the folder away, which otherwise stays to be looked at. */
    void forgetState() throws IOException {
        running.close();
        delete(state);
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException e) throws IOException {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        running.close();
        play.loop().run(() -> servers.forEach(server -> server.close(false)));
        play.close();
    }

    private static final class Text implements BodySink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);

        @Override
        public void accept(ByteBuf piece) {
            try {
                piece.getBytes(piece.readerIndex(), bytes, piece.readableBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("a byte array takes everything", e);
            }
        }

        @Override
        public String complaint() {
            return "";
        }
    }
}
