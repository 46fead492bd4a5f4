package org.joveproxy.loadtest.play;

import java.util.Set;

/**
 * Holds answers against the truth. A 5xx is excused by a server that is really gone and by nothing else. Any thread may
 * call any method.
 */
final class Judge {
    /** What a proxy may say of a server that is gone: CHP says 503; 502 and 504 are as true. */
    private static final Set<Integer> UNAVAILABLE = Set.of(502, 503, 504);

    /** What the hub says where there is no server: a redirect for pages, 424 for the rest. */
    private static final Set<Integer> NO_SERVER = Set.of(302, 424);

    private Judge() {}

    /** Judges an answer from below {@code /user/<name>} that should have been {@code expected}. */
    static Judgement server(Reply reply, int expected, Truth before, Truth after) {
        if (reply.hasLeft()) {
            return Judgement.LEFT;
        }
        if (!before.isSteadyUntil(after)) {
            return reply.trouble().startsWith("wrong bytes") ? Judgement.FAILED : Judgement.CHANGING;
        }
        return switch (before.state()) {
            case READY -> reply.status() == expected && reply.isWhole() ? Judgement.GOOD : Judgement.FAILED;
            case ABSENT -> {
                Judgement judgement = hub(reply, NO_SERVER, before, after);
                yield judgement == Judgement.GOOD ? Judgement.NO_SERVER : judgement;
            }
            case CRASHED -> isUnavailable(reply) ? Judgement.GONE : Judgement.FAILED;
            case STUCK -> isUnavailable(reply) || reply.status() == 0 ? Judgement.GONE : Judgement.FAILED;
            case STARTING, STOPPING -> Judgement.CHANGING;
        };
    }

    private static boolean isUnavailable(Reply reply) {
        return reply.isWhole() && UNAVAILABLE.contains(reply.status());
    }

    /** Judges an answer that the hub had to give. */
    static Judgement hub(Reply reply, Set<Integer> expected, Truth before, Truth after) {
        if (reply.hasLeft()) {
            return Judgement.LEFT;
        }
        if (reply.isWhole() && expected.contains(reply.status())) {
            return Judgement.GOOD;
        }
        boolean isExcused = reply.status() == 0
                || UNAVAILABLE.contains(reply.status())
                || !reply.trouble().isEmpty();
        return isExcused && !before.hubAnswersUntil(after) ? Judgement.HUB_HANGS : Judgement.FAILED;
    }
}
