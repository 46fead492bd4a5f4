package org.joveproxy.loadtest.replicas;

import java.util.Locale;

/** Which failures come from what was done on purpose. Immutable, apart from the books that it reads. */
final class Excuses {
    /** From the end of a process until nobody can have a connection to it, the kernel being quick and threads not. */
    private static final double GONE_WITHIN = 1.5;

    private static final double BLUR = 0.05;

    private final Timeline timeline;
    private final BalancerLog log;

    Excuses(Timeline timeline, BalancerLog log) {
        this.timeline = timeline;
        this.log = log;
    }

    /** Why {@code failure} is nobody's fault; empty when it is the proxies'. */
    String excuse(Users.Failure failure) {
        BalancerLog.Session session = log.from(failure.localPort(), failure.began());
        if (session == null || failure.trouble().isEmpty()) {
            return "";
        }
        for (Timeline.Trouble trouble : timeline.troubles()) {
            if (!trouble.replica().equals(session.replica()) || !trouble.covers(failure.began(), failure.ended())) {
                continue;
            }
            if (trouble.what() == Disturbance.KILL
                    && failure.ended() >= trouble.from() - BLUR
                    && failure.ended() <= trouble.from() + GONE_WITHIN) {
                return "in flight when its replica was killed";
            }
            if (trouble.what() == Disturbance.STOP) {
                return "in flight on the stopped replica";
            }
            if (session.wasShut()) {
                return "in flight when the balancer took its replica out of service";
            }
        }
        return "";
    }

    /** Whether something was done to {@code replica} itself at that time. */
    boolean isDisturbed(String replica, double seconds) {
        return timeline.troubles().stream()
                .anyMatch(trouble -> trouble.replica().equals(replica) && trouble.covers(seconds, seconds));
    }

    /** Whether {@code use} may be unknown to everybody: its replica was killed before it had to tell the others. */
    boolean mayBeForgotten(ActivityBook.Use use) {
        BalancerLog.Session session = log.from(use.localPort(), use.began());
        return session != null
                && timeline.troubles().stream()
                        .anyMatch(trouble -> trouble.what() == Disturbance.KILL
                                && trouble.replica().equals(session.replica())
                                && use.ended() <= trouble.from() + BLUR
                                && use.ended() >= trouble.from() - ActivityBook.WITHIN_SECONDS);
    }

    /** When the disturbance began that {@code failure} may have come from; 0 when there was none. */
    double beginning(Users.Failure failure) {
        Timeline.Trouble trouble = timeline.during(failure.began(), failure.ended());
        return trouble == null ? 0 : trouble.from();
    }

    /** How long before {@code seconds} something was done, and what, in words. */
    String since(double seconds) {
        Timeline.Trouble trouble = timeline.during(seconds, seconds);
        return trouble == null
                ? "in calm"
                : String.format(
                        Locale.ROOT,
                        "%.3f s after: %s",
                        seconds - trouble.from(),
                        trouble.what().told());
    }

    /** What was being done at that time, in words. */
    String during(double first, double last) {
        Timeline.Trouble trouble = timeline.during(first, last);
        return trouble == null ? "calm" : trouble.what().told();
    }
}
