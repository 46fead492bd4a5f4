package org.joveproxy.loadtest.play;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A given number of requests and websockets, as fast as the proxy and this machine allow. Confined to the play's loop.
 */
final class Flood {
    private static final int SERVERS = 16;
    private static final int CLIENTS = 8;
    private static final int REQUESTS_AT_A_TIME = CLIENTS * Connections.OF_A_BROWSER;
    private static final int WEBSOCKETS_AT_A_TIME = 8;
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final String HEADERS = "Accept: */*\r\nCookie: jupyterhub-session-id=c0ffee0123456789\r\n";

    private final Play play;
    private final int requests;
    private final int webSockets;
    private final List<Account> accounts = new ArrayList<>();
    private final List<Connections> clients = new ArrayList<>();
    private int requestsDone;
    private int webSocketsDone;
    private int parts = 2;

    Flood(Play play, int requests, int webSockets) {
        this.play = play;
        this.requests = requests;
        this.webSockets = webSockets;
    }

    /** Starts the servers, and then the flood. */
    void begin() {
        for (int i = 0; i < SERVERS; i++) {
            Account account = play.hub().account("flood" + i);
            accounts.add(account);
            play.hub().begin(account.name());
        }
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Connections(play.toProxy(), play.users().next(), Connections.OF_A_BROWSER));
        }
        beginWhenReady();
    }

    private void beginWhenReady() {
        if (!accounts.stream().allMatch(account -> account.is(Account.State.READY))) {
            play.loop().after(LOOK_AGAIN, this::beginWhenReady);
            return;
        }
        Repetition.begin(requests, REQUESTS_AT_A_TIME, this::request, () -> parts--);
        Repetition.begin(webSockets, WEBSOCKETS_AT_A_TIME, this::webSocket, () -> parts--);
    }

    boolean isDone() {
        return parts == 0;
    }

    int requestsDone() {
        return requestsDone;
    }

    int webSocketsDone() {
        return webSocketsDone;
    }

    private void request(int index, Runnable whenDone) {
        Account account = accounts.get(index % SERVERS);
        String path = account.base() + pathOf(index);
        boolean isUpload = index % 20 == 7;
        Payload expected = isUpload ? new Payload(path, UserServer.USUAL) : UserServer.contentOf(path);
        Truth before = play.truth(account);
        clients.get(index % CLIENTS)
                .send(new Request(
                        isUpload ? "PUT" : "GET",
                        path,
                        HEADERS,
                        isUpload ? new Payload(path, 4_000) : null,
                        "",
                        expected.check(),
                        PATIENCE,
                        reply -> {
                            Kind kind = isUpload ? Kind.SAVE : Kind.POLL;
                            play.tally().note(kind, Judge.server(reply, 200, before, play.truth(account)), reply, path);
                            requestsDone++;
                            whenDone.run();
                        }));
    }

    /** Mostly small answers, as from a REST API, and some files. */
    private static String pathOf(int index) {
        return switch (index % 20) {
            case 3, 13 -> "/static/lab/a.8000.js";
            case 17 -> "/static/lab/b.60000.js";
            default -> "/api/sessions";
        };
    }

    /** Opens one, sends a message, gets two, closes. No faster than its share of the requests. */
    private void webSocket(int index, Runnable whenDone) {
        if ((long) index * requests > (long) webSockets * (requestsDone + 1L) + 8L * requests) {
            play.loop().after(Duration.ofMillis(20), () -> webSocket(index, whenDone));
            return;
        }
        Account account = accounts.get(index % SERVERS);
        String path = account.base() + "/api/kernels/" + index + "/channels";
        new Once(account, path, whenDone).open();
    }

    /** The life of one websocket. */
    private final class Once implements WebSocket.Events {
        private final Account account;
        private final String path;
        private final Runnable whenDone;
        private final Truth before;
        private @Nullable WebSocket socket;
        private boolean isDone;

        Once(Account account, String path, Runnable whenDone) {
            this.account = account;
            this.path = path;
            this.whenDone = whenDone;
            this.before = play.truth(account);
        }

        void open() {
            Connections client = clients.get(path.hashCode() & CLIENTS - 1);
            WebSocket.open(play.toProxy(), client.address(), path, HEADERS, path, PATIENCE, this);
        }

        private void done(Kind kind, Judgement judgement, Reply reply) {
            if (isDone) {
                return;
            }
            isDone = true;
            play.tally().note(kind, judgement, reply, path);
            webSocketsDone++;
            if (socket != null) {
                socket.close(false);
            }
            whenDone.run();
        }

        @Override
        public void onOpen(WebSocket opened, Reply reply) {
            socket = opened;
            play.tally().note(Kind.WEBSOCKET, Judge.server(reply, 101, before, play.truth(account)), reply, path);
            opened.send(200, 2, 300);
        }

        @Override
        public void onRefused(Reply reply) {
            done(Kind.WEBSOCKET, Judge.server(reply, 101, before, play.truth(account)), reply);
        }

        @Override
        public void onAnswered(long nanos) {
            done(Kind.MESSAGE, Judgement.GOOD, new Reply(101, null, "", false, nanos));
        }

        @Override
        public void onGarbled(String complaint) {
            done(Kind.MESSAGE, Judgement.FAILED, new Reply(101, null, complaint, false, 0));
        }

        @Override
        public void onClosed() {
            done(Kind.MESSAGE, Judgement.FAILED, new Reply(101, null, "cut while its server lived", false, 0));
        }
    }

    /** Closes all that is open, and culls the servers. */
    void leave() {
        clients.forEach(client -> client.leave(false));
        accounts.forEach(account -> play.hub().retire(account));
    }
}
