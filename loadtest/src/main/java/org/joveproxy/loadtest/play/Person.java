package org.joveproxy.loadtest.play;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A user with a browser: logs in, starts a server, loads Lab, works, and leaves. Confined to the play's loop.
 */
final class Person {
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final String[] POLLED = {
        "/api/sessions", "/api/kernels", "/api/terminals", "/api/contents", "/api/status", "/api/kernelspecs"
    };
    private static final String[] LOOKED_AT_AGAIN = {"/api/kernels/1", "/api/sessions"};

    private final Play play;
    private final Account account;
    private final Habits habits;
    private final InetAddress address;
    private final SplittableRandom random;
    private final String headers;
    private final List<Tab> tabs = new ArrayList<>();
    private Connections browser;
    private boolean isHere;
    private boolean isWorking;
    private boolean seesServer;
    private int stay;
    private long nextPoll;
    private long nextMessage;
    private long nextSave;
    private int asked;

    Person(Play play, Account account, Habits habits, InetAddress address, SplittableRandom random) {
        this.play = play;
        this.account = account;
        this.habits = habits;
        this.address = address;
        this.random = random;
        this.browser = newBrowser();
        this.headers = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "Chrome/142.0.0.0 Safari/537.36\r\nAccept: */*\r\nAccept-Language: en-US,en;q=0.9\r\n"
                + "Accept-Encoding: gzip, deflate, br\r\nCookie: _xsrf=2|8a1c0b52|f3b7e5a1d8c64f20|1709654400; "
                + "jupyterhub-session-id=c0ffee" + account.name() + "; jupyterhub-user-" + account.name()
                + "=\"2|1:0|10:1709654400|19:jupyterhub-user|44:bm90IGEgc2VjcmV0IGF0IGFsbA==\"\r\n";
    }

    private Connections newBrowser() {
        return new Connections(play.toProxy(), address, Connections.OF_A_BROWSER);
    }

    Play play() {
        return play;
    }

    Account account() {
        return account;
    }

    InetAddress address() {
        return address;
    }

    SplittableRandom random() {
        return random;
    }

    String headers() {
        return headers;
    }

    Truth truth() {
        return play.truth(account);
    }

    boolean isHere() {
        return isHere;
    }

    boolean isWorking() {
        return isWorking;
    }

    // ---- the way in ----

    /** Comes, or comes back: from the login page to Lab. */
    void arrive() {
        isHere = true;
        stay++;
        enter(stay);
    }

    private void enter(int thisStay) {
        closeTabs(false);
        isWorking = false;
        hubPage(
                "GET",
                "/hub/login",
                200,
                thisStay,
                () -> hubPage(
                        "POST",
                        "/hub/login",
                        302,
                        thisStay,
                        () -> hubPage(
                                "GET",
                                "/hub/home",
                                200,
                                thisStay,
                                () -> hubPage(
                                        "POST",
                                        "/hub/spawn/" + account.name(),
                                        302,
                                        thisStay,
                                        () -> awaitServer(thisStay)))));
    }

    private void hubPage(String method, String path, int expected, int thisStay, Runnable next) {
        Truth before = truth();
        BodySink sink = expected == 200 ? new Payload(path, HubSite.PAGE).check() : BodySink.ignoring();
        browser.send(new Request(method, path, headers, null, "", sink, PATIENCE, reply -> {
            Judgement judgement = Judge.hub(reply, Set.of(expected), before, truth());
            play.tally().note(Kind.HUB_PAGE, judgement, reply, method + " " + path);
            goOn(judgement == Judgement.GOOD, thisStay, next);
        }));
    }

    private void goOn(boolean isGood, int thisStay, Runnable next) {
        if (!isHere || thisStay != stay) {
            return;
        }
        if (isGood) {
            next.run();
        } else {
            play.loop().after(Duration.ofMillis(1500 + random.nextInt(1500)), () -> {
                if (isHere && thisStay == stay) {
                    enter(thisStay);
                }
            });
        }
    }

    private void awaitServer(int thisStay) {
        String path = "/hub/api/users/" + account.name() + "/server/progress";
        StringBuilder events = new StringBuilder();
        Truth before = truth();
        browser.send(new Request("GET", path, headers, null, "", BodySink.text(events::append), PATIENCE, reply -> {
            Judgement judgement = Judge.hub(reply, Set.of(200), before, truth());
            play.tally().note(Kind.SPAWN, judgement, reply, path);
            goOn(events.indexOf("\"ready\"") >= 0, thisStay, () -> loadLab(thisStay));
        }));
    }

    private void loadLab(int thisStay) {
        ask(
                Kind.LAB_PAGE,
                "/lab/tree.6000.html",
                judgement -> goOn(judgement == Judgement.GOOD, thisStay, () -> {
                    int[] left = {habits.labFiles()};
                    for (int i = 0; i < habits.labFiles(); i++) {
                        ask(Kind.STATIC_FILE, "/static/lab/" + i + "." + sizeOfFile(i) + ".js", loaded -> {
                            if (--left[0] == 0) {
                                goOn(true, thisStay, () -> beginWork(thisStay));
                            }
                        });
                    }
                }));
    }

    /** Most files of a web application are small, a few are large. */
    private static int sizeOfFile(int number) {
        if (number % 12 == 11) {
            return 250_000 + 62_500 * (number % 13);
        }
        return number % 4 == 3 ? 40_000 + 5_000 * number : 2_000 + 700 * number;
    }

    // ---- at work ----

    private void beginWork(int thisStay) {
        isWorking = true;
        seesServer = true;
        tabs.add(new Tab(this, account.base() + "/api/kernels/1/channels"));
        tabs.add(new Tab(this, account.base() + "/terminals/websocket/1"));
        long now = System.nanoTime();
        nextPoll = soon(now, habits.poll());
        nextMessage = soon(now, habits.message());
        nextSave = soon(now, habits.save());
        step(thisStay);
    }

    private long soon(long now, Duration interval) {
        return now + (long) (interval.toNanos() * (0.5 + random.nextDouble()));
    }

    private void step(int thisStay) {
        if (!isHere || thisStay != stay) {
            return;
        }
        long now = System.nanoTime();
        if (now >= nextPoll && seesServer) {
            nextPoll = soon(now, habits.poll());
            ask(Kind.POLL, POLLED[asked++ % POLLED.length], judgement -> seesServer = judgement == Judgement.GOOD);
        }
        if (now >= nextMessage) {
            nextMessage = soon(now, habits.message());
            tabs.get(0).send(300 + random.nextInt(2000), 4, 100 + random.nextInt(4000));
            tabs.get(1).send(1 + random.nextInt(40), 1, 20 + random.nextInt(500));
        }
        if (now >= nextSave && seesServer) {
            nextSave = soon(now, habits.save());
            send(Kind.SAVE, "/api/contents/notebook.ipynb", 20_000 + random.nextInt(180_000));
        }
        if (seesServer && random.nextDouble() < habits.downloadShare()) {
            if (random.nextInt(3) == 0) {
                send(Kind.UPLOAD, "/api/contents/data.bin", 2 << 20);
            } else {
                ask(Kind.DOWNLOAD, "/files/data." + habits.downloadBytes() + ".bin", judgement -> {});
            }
        }
        play.loop().after(STEP, () -> step(thisStay));
    }

    /** What a page does beside opening a lost websocket again: it asks for the kernel and the sessions. */
    void lookAgain() {
        for (String path : LOOKED_AT_AGAIN) {
            ask(Kind.RETRIED_GET, path, judgement -> seesServer |= judgement == Judgement.GOOD);
        }
    }

    /** Everything is lost and opened again at once, as after a break of the network. */
    void reconnect() {
        browser.leave(true);
        browser = newBrowser();
        closeTabs(true);
        if (isWorking) {
            tabs.add(new Tab(this, account.base() + "/api/kernels/1/channels"));
            tabs.add(new Tab(this, account.base() + "/terminals/websocket/1"));
            for (String path : POLLED) {
                ask(Kind.RECONNECT, path, judgement -> seesServer |= judgement == Judgement.GOOD);
            }
        }
    }

    private void ask(Kind kind, String path, Consumer<Judgement> then) {
        String whole = account.base() + path;
        exchange(kind, "GET", whole, null, UserServer.contentOf(whole).check(), then);
    }

    private void send(Kind kind, String path, int bytes) {
        String whole = account.base() + path;
        exchange(
                kind,
                "PUT",
                whole,
                new Payload(whole, bytes),
                new Payload(whole, UserServer.USUAL).check(),
                judgement -> {});
    }

    private void exchange(
            Kind kind, String method, String path, @Nullable Payload upload, BodySink sink, Consumer<Judgement> then) {
        Truth before = truth();
        browser.send(new Request(method, path, headers, upload, "", sink, PATIENCE, reply -> {
            Judgement judgement = Judge.server(reply, 200, before, truth());
            play.tally().note(kind, judgement, reply, method + " " + path);
            then.accept(judgement);
        }));
    }

    // ---- the way out ----

    /** Closes the browser: properly, or {@code abruptly} as when a laptop is shut. The server stays. */
    void leave(boolean abruptly) {
        isHere = false;
        isWorking = false;
        closeTabs(abruptly);
        browser.leave(abruptly);
        browser = newBrowser();
    }

    private void closeTabs(boolean abruptly) {
        tabs.forEach(tab -> tab.close(abruptly));
        tabs.clear();
    }
}
