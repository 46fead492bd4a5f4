package org.joveproxy.loadtest.play;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hub's pages: login, home, spawn progress, errors, and what it says where a user has no server. Confined to the
 * play's loop.
 */
final class HubSite implements Site {
    /** Bytes of JupyterHub's pages. */
    static final long PAGE = 5_000;

    private static final Duration NOTICED_WITHIN = Duration.ofMillis(20);
    private static final String ERROR = "/hub/error/";
    private static final String HTML = "Content-Type: text/html; charset=utf-8\r\n";

    private final PlayLoop loop;
    private final ProgressPages progress;
    private final long startedAt = System.nanoTime();
    private final List<Runnable> unanswered = new ArrayList<>();
    private final TreeMap<Integer, Integer> errorPagesBySecond = new TreeMap<>();
    private Duration pace = Duration.ZERO;
    private boolean isHung;
    private int hangChanges;
    private long errorPages;
    private int errorPagesInFlight;
    private int mostErrorPagesInFlight;

    /** Who knows how far a spawn is. */
    @FunctionalInterface
    interface ProgressPages {
        /** Tells {@code visit}, as a stream of events, how the spawn of {@code user} goes on. */
        void follow(String user, Visit visit);

        /** The same, for whoever begins a spawn: nothing by default. */
        default void begin(String user) {}
    }

    HubSite(PlayLoop loop, ProgressPages progress) {
        this.loop = loop;
        this.progress = progress;
    }

    /** Lets every answer take this long from now on. */
    void answersAfter(Duration newPace) {
        pace = newPace;
    }

    /** Answers nothing from now on. */
    void hang() {
        isHung = true;
        hangChanges++;
    }

    /** Answers again, and first whoever is still waiting. */
    void comeBack() {
        isHung = false;
        hangChanges++;
        List<Runnable> late = new ArrayList<>(unanswered);
        unanswered.clear();
        late.forEach(Runnable::run);
    }

    boolean isHung() {
        return isHung;
    }

    int hangChanges() {
        return hangChanges;
    }

    /** How many error pages the proxy has fetched. */
    long errorPages() {
        return errorPages;
    }

    /** The most that it ever fetched at one time. */
    int mostErrorPagesInFlight() {
        return mostErrorPagesInFlight;
    }

    /** Fetches by second since the start. */
    Map<Integer, Integer> errorPagesBySecond() {
        return errorPagesBySecond;
    }

    @Override
    public void serve(Visit visit) {
        if (visit.path().startsWith(ERROR)) {
            errorPages++;
            errorPagesBySecond.merge((int) ((System.nanoTime() - startedAt) / 1_000_000_000), 1, Integer::sum);
            errorPagesInFlight++;
            visit.whenOver(() -> errorPagesInFlight--);
            // Not now: the loop may have read this request before the end of another that was given up for it.
            loop.after(
                    NOTICED_WITHIN,
                    () -> mostErrorPagesInFlight = Math.max(mostErrorPagesInFlight, errorPagesInFlight));
        }
        if (isHung) {
            unanswered.add(() -> answer(visit));
        } else if (pace.isZero()) {
            answer(visit);
        } else {
            loop.after(pace, () -> {
                if (isHung) {
                    unanswered.add(() -> answer(visit));
                } else {
                    answer(visit);
                }
            });
        }
    }

    private void answer(Visit visit) {
        String path = visit.path();
        if (path.startsWith("/user/")) {
            answerForNoServer(visit);
        } else if (path.startsWith("/hub/api/users/") && path.endsWith("/server/progress")) {
            progress.follow(
                    path.substring("/hub/api/users/".length(), path.length() - "/server/progress".length()), visit);
        } else if ("POST".equals(visit.method()) && path.startsWith("/hub/spawn/")) {
            progress.begin(path.substring("/hub/spawn/".length()));
            redirect(visit, "/hub/spawn-pending/" + path.substring("/hub/spawn/".length()));
        } else if ("POST".equals(visit.method()) && path.equals("/hub/login")) {
            redirect(visit, "/hub/home");
        } else if (path.startsWith("/hub/")) {
            visit.answer("200 OK", HTML, new Payload(path, PAGE));
        } else {
            redirect(visit, "/hub/");
        }
    }

    /** As JupyterHub does it: pages lead to where the server can be started, everything else is told that there is none. */
    private static void answerForNoServer(Visit visit) {
        if (visit.isUpgrade() || visit.path().contains("/api/") || visit.path().contains("/terminals/")) {
            visit.answer("424 Failed Dependency", "Content-Type: application/json\r\n", new Payload(visit.path(), 150));
        } else {
            redirect(visit, "/hub" + visit.path());
        }
    }

    private static void redirect(Visit visit, String to) {
        visit.answer("302 Found", "Location: " + to + "\r\n" + HTML, new Payload(to, 0));
    }
}
