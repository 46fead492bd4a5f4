package org.joveproxy.loadtest.play;

import java.time.Duration;

/**
 * One websocket of a page, kernel or terminal, opened again and again while the page stays open: JupyterLab's habit that
 * fills a proxy with requests for servers that are gone. Confined to the play's loop.
 */
final class Tab implements WebSocket.Events {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_PAUSE_MILLIS = 10_000;

    private final Person person;
    private final String path;
    private WebSocket socket;
    private Truth openedAt;
    private boolean isClosed;
    private int attempts;

    /** A tab that begins to open its websocket now. */
    Tab(Person person, String path) {
        this.person = person;
        this.path = path;
        openedAt = person.truth();
        socket = open();
    }

    private WebSocket open() {
        openedAt = person.truth();
        return WebSocket.open(
                person.play().toProxy(), person.address(), path, person.headers(), path, PATIENCE.toNanos(), this);
    }

    boolean isOpen() {
        return socket.isOpen();
    }

    /** Sends something that is to be answered, if there is a connection. */
    void send(int size, int replies, int replySize) {
        if (socket.oldestUnansweredNanos() > Duration.ofSeconds(30).toNanos()
                && person.truth().state() == Account.State.READY) {
            note(Kind.MESSAGE, Judgement.FAILED, new Reply(0, null, "no reply within 30 s", false, 0));
            person.play().webSocketClosed();
            socket.close(true);
            retryLater();
            return;
        }
        socket.send(size, replies, replySize);
    }

    void close(boolean abruptly) {
        isClosed = true;
        if (socket.isOpen()) {
            person.play().webSocketClosed();
        }
        socket.close(abruptly);
    }

    private Kind kind() {
        return attempts == 0 ? Kind.WEBSOCKET : Kind.RETRIED_WEBSOCKET;
    }

    private void note(Kind kind, Judgement judgement, Reply reply) {
        person.play().tally().note(kind, judgement, reply, path);
    }

    @Override
    public void onOpen(WebSocket opened, Reply reply) {
        Truth now = person.truth();
        note(kind(), Judge.server(reply, 101, openedAt, now), reply);
        openedAt = now;
        attempts = 0;
        person.play().webSocketOpened();
    }

    @Override
    public void onRefused(Reply reply) {
        note(kind(), Judge.server(reply, 101, openedAt, person.truth()), reply);
        retryLater();
    }

    @Override
    public void onAnswered(long nanos) {
        note(Kind.MESSAGE, Judgement.GOOD, new Reply(101, null, "", false, nanos));
    }

    @Override
    public void onGarbled(String complaint) {
        note(Kind.MESSAGE, Judgement.FAILED, new Reply(101, null, complaint, false, 0));
    }

    @Override
    public void onClosed() {
        person.play().webSocketClosed();
        Truth now = person.truth();
        if (now.state() == Account.State.READY && openedAt.isSteadyUntil(now)) {
            note(Kind.WEBSOCKET, Judgement.FAILED, new Reply(101, null, "cut while its server lived", false, 0));
        }
        retryLater();
    }

    private void retryLater() {
        if (isClosed) {
            return;
        }
        attempts++;
        int pause = Math.min(LONGEST_PAUSE_MILLIS, 1000 << Math.min(attempts - 1, 4));
        person.play().loop().after(Duration.ofMillis(pause / 2 + person.random().nextInt(pause)), () -> {
            if (!isClosed) {
                person.lookAgain();
                socket = open();
            }
        });
    }
}
