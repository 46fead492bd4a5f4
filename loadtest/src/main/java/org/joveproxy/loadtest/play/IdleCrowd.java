package org.joveproxy.loadtest.play;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages that somebody left open for the night: websockets on which nothing moves but the servers' pings. Confined to the
 * play's loop.
 */
final class IdleCrowd {
    /** A page with notebooks, consoles and terminals has about as many. */
    private static final int PER_SERVER = 10;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Play play;
    private final List<Account> accounts = new ArrayList<>();
    private final List<WebSocket> sockets = new ArrayList<>();
    private int open;
    private int mostOpen;

    IdleCrowd(Play play) {
        this.play = play;
    }

    /** Opens {@code number} websockets, spread over {@code time}. */
    void open(int number, Duration time) {
        int servers = (number + PER_SERVER - 1) / PER_SERVER;
        for (int i = 0; i < servers; i++) {
            Account account = play.hub().account("idle" + i);
            accounts.add(account);
            InetAddress from = play.users().next();
            int count = Math.min(PER_SERVER, number - i * PER_SERVER);
            play.loop().after(time.multipliedBy(i).dividedBy(servers), () -> {
                play.hub().begin(account.name());
                openWhenReady(account, from, count);
            });
        }
    }

    private void openWhenReady(Account account, InetAddress from, int count) {
        if (account.is(Account.State.READY)) {
            for (int i = 0; i < count; i++) {
                String path = account.base() + "/api/kernels/" + i + "/channels";
                sockets.add(WebSocket.open(
                        play.toProxy(),
                        from,
                        path,
                        "",
                        path,
                        Duration.ofSeconds(30).toNanos(),
                        new Idler(account, path)));
            }
        } else if (!account.is(Account.State.ABSENT)) {
            play.loop().after(LOOK_AGAIN, () -> openWhenReady(account, from, count));
        }
    }

    /** The most that were ever open at one time. */
    int mostOpen() {
        return mostOpen;
    }

    /** Closes all of them, and culls their servers. */
    void leave() {
        sockets.forEach(socket -> socket.close(false));
        sockets.clear();
        open = 0;
        accounts.forEach(account -> play.hub().retire(account));
    }

    /** What one of these websockets hears. */
    private final class Idler implements WebSocket.Events {
        private final Account account;
        private final String path;
        private Truth before;

        Idler(Account account, String path) {
            this.account = account;
            this.path = path;
            this.before = play.truth(account);
        }

        @Override
        public void onOpen(WebSocket socket, Reply reply) {
            Truth now = play.truth(account);
            play.tally().note(Kind.WEBSOCKET, Judge.server(reply, 101, before, now), reply, path);
            before = now;
            open++;
            mostOpen = Math.max(mostOpen, open);
            play.webSocketOpened();
        }

        @Override
        public void onRefused(Reply reply) {
            play.tally().note(Kind.WEBSOCKET, Judge.server(reply, 101, before, play.truth(account)), reply, path);
        }

        @Override
        public void onAnswered(long nanos) {}

        @Override
        public void onGarbled(String complaint) {
            play.tally().note(Kind.MESSAGE, Judgement.FAILED, new Reply(101, null, complaint, false, 0), path);
        }

        @Override
        public void onClosed() {
            open--;
            play.webSocketClosed();
            Truth now = play.truth(account);
            if (now.state() == Account.State.READY && before.isSteadyUntil(now)) {
                play.tally()
                        .note(
                                Kind.WEBSOCKET,
                                Judgement.FAILED,
                                new Reply(101, null, "cut while its server lived", false, 0),
                                path);
            }
        }
    }
}
