package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What HAProxy tells: to which replica each connection went, why it ended, and which replicas were in service. Any thread may
 * call any method; this object's monitor guards all.
 */
final class BalancerLog {
    /** The backend for users; the other one is for the REST API. */
    static final String PUBLIC = "public";

    /** What {@link #SESSION} reads, in HAProxy's words. */
    static final String FORMAT = "session %cp %b/%s %ts";

    private static final Pattern SESSION = Pattern.compile("session (\\d+) (\\w+)/(\\S+) (\\S\\S)");
    private static final Pattern SERVER = Pattern.compile("^Server (\\w+)/(\\S+) is (UP|DOWN), reason: (.*)");

    private final Map<Integer, List<Session>> sessions = new HashMap<>();
    private final List<Turn> turns = new ArrayList<>();

    /**
     * A connection of a client.
     *
     * @param ended seconds of the act
     * @param state how it ended, in HAProxy's two letters
     */
    record Session(double ended, String replica, String state) {
        /** Whether the balancer ended it, as its replica was taken out of service. */
        boolean wasShut() {
            return state.startsWith("D");
        }
    }

    /** A replica comes into service or is taken out of it. */
    record Turn(double seconds, String backend, String replica, boolean isUp, String reason) {}

    /** Takes one line that was written at {@code seconds}. */
    synchronized void add(double seconds, String line) {
        Matcher session = SESSION.matcher(line);
        if (session.find()) {
            sessions.computeIfAbsent(Integer.parseInt(session.group(1)), port -> new ArrayList<>())
                    .add(new Session(seconds, session.group(3), session.group(4)));
            return;
        }
        Matcher server = SERVER.matcher(line);
        if (server.find()) {
            turns.add(new Turn(
                    seconds, server.group(1), server.group(2), server.group(3).equals("UP"), server.group(4)));
        }
    }

    /** The connection from {@code port} that was open at {@code seconds}; null when none has ended since. */
    synchronized @Nullable Session from(int port, double seconds) {
        for (Session session : sessions.getOrDefault(port, List.of())) {
            if (session.ended >= seconds) {
                return session;
            }
        }
        return null;
    }

    /** All turns of the backend for users, in their order. */
    synchronized List<Turn> turns() {
        return turns.stream().filter(turn -> turn.backend.equals(PUBLIC)).toList();
    }

    /** Whether {@code replica} serves users as far as has been told; all do in the beginning. */
    synchronized boolean isUp(String replica) {
        boolean isUp = true;
        for (Turn turn : turns) {
            if (turn.backend.equals(PUBLIC) && turn.replica.equals(replica)) {
                isUp = turn.isUp;
            }
        }
        return isUp;
    }
}
