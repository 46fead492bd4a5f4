package org.joveproxy.loadtest.play;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hub's client of the REST API: ten calls at a time, kept alive, retried as JupyterHub does. Confined to the play's
 * loop.
 */
final class RoutesClient {
    /** JupyterHub's default. */
    static final int CONCURRENCY = 10;

    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
    private static final long GIVES_UP_AFTER = Duration.ofSeconds(60).toNanos();
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final PlayLoop loop;
    private final Connections connections;
    private final String headers;
    private final Tally tally;

    RoutesClient(Network toApi, InetAddress from, String token, Tally tally) {
        this.loop = toApi.loop();
        this.connections = new Connections(toApi, from, CONCURRENCY);
        this.headers = "Authorization: token " + token + "\r\nAccept: */*\r\n";
        this.tally = tally;
    }

    /** Adds a route; tells {@code whenDone} whether it is in force. */
    void add(String path, String body, Consumer<Boolean> whenDone) {
        call(Kind.API_ADD, "POST", path, body, Set.of(201), whenDone);
    }

    /** Takes a route away; one that is not there is as good. */
    void delete(String path, Consumer<Boolean> whenDone) {
        call(Kind.API_DELETE, "DELETE", path, "", Set.of(204, 404), whenDone);
    }

    /** Reads all routes; tells {@code whenDone} of the JSON, or of nothing when it did not come. */
    void readAll(Consumer<byte @Nullable []> whenDone) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(4096);
        BodySink sink = new BodySink() {
            @Override
            public void accept(ByteBuf piece) {
                try {
                    piece.getBytes(piece.readerIndex(), json, piece.readableBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException("a byte array takes everything", e);
                }
            }

            @Override
            public String complaint() {
                return "";
            }
        };
        connections.send(new Request("GET", "/api/routes", headers, null, "", sink, PATIENCE, reply -> {
            boolean isGood = reply.isWhole() && reply.status() == 200;
            tally.note(Kind.API_READ, isGood ? Judgement.GOOD : Judgement.FAILED, reply, "/api/routes");
            whenDone.accept(isGood ? json.toByteArray() : null);
        }));
    }

    private void call(
            Kind kind, String method, String path, String body, Set<Integer> good, Consumer<Boolean> whenDone) {
        attempt(kind, method, path, body, good, whenDone, System.nanoTime(), Duration.ofMillis(200));
    }

    private void attempt(
            Kind kind,
            String method,
            String path,
            String body,
            Set<Integer> good,
            Consumer<Boolean> whenDone,
            long since,
            Duration pause) {
        connections.send(new Request(
                method, "/api/routes" + path, headers, null, body, BodySink.ignoring(), PATIENCE, reply -> {
                    boolean isGood = reply.isWhole() && good.contains(reply.status());
                    tally.note(kind, isGood ? Judgement.GOOD : Judgement.FAILED, reply, path);
                    boolean mayRetry = !reply.hasLeft() && (reply.status() == 0 || reply.status() >= 500);
                    if (isGood || !mayRetry || System.nanoTime() - since > GIVES_UP_AFTER) {
                        whenDone.accept(isGood);
                        return;
                    }
                    Duration next =
                            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                    loop.after(pause, () -> attempt(kind, method, path, body, good, whenDone, since, next));
                }));
    }

    void leave() {
        connections.leave(false);
    }

    /** What the hub posts for a user's server. */
    static String server(String user, String serverName, String target) {
        String body = "{\"user\":\"" + user + "\",\"server_name\":\"" + serverName + "\",\"target\":\"" + target
                + "\",\"jupyterhub\":true}";
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(body)) {
            throw new IllegalArgumentException("body: " + body + " (expected: ASCII)");
        }
        return body;
    }
}
