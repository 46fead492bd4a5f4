package org.joveproxy.core.routing;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/** The slot that says when a route was last used, without a fence. */
public class RouteActivityStress {
    // In both halves of the number, so that one written in two halves would show.
    private static final long ONE = 1L << 32 | 1;
    private static final long TWO = 2L << 32 | 2;

    private RouteActivityStress() {}

    /** One thread notes two uses, another reads twice. */
    @JCStressTest
    @Outcome(
            id = {
                "0, 0",
                "0, 4294967297",
                "0, 8589934594",
                "4294967297, 4294967297",
                "4294967297, 8589934594",
                "8589934594, 8589934594"
            },
            expect = Expect.ACCEPTABLE,
            desc = "forwards in time")
    @Outcome(expect = Expect.FORBIDDEN, desc = "backwards in time, or half a number")
    @State
    public static class Forwards {
        private final RouteActivity activity = new RouteActivity(0);

        @Actor
        public void writer() {
            activity.touch(ONE);
            activity.touch(TWO);
        }

        @Actor
        public void reader(JJ_Result seen) {
            seen.r1 = activity.lastMillis();
            seen.r2 = activity.lastMillis();
        }
    }

    /** Two threads note a use each. */
    @JCStressTest
    @Outcome(
            id = {"4294967297", "8589934594"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them, the later one but for a race")
    @Outcome(expect = Expect.FORBIDDEN, desc = "neither of them")
    @State
    public static class OneStays {
        private final RouteActivity activity = new RouteActivity(0);

        @Actor
        public void one() {
            activity.touch(ONE);
        }

        @Actor
        public void other() {
            activity.touch(TWO);
        }

        @Arbiter
        public void afterwards(J_Result seen) {
            seen.r1 = activity.lastMillis();
        }
    }
}
