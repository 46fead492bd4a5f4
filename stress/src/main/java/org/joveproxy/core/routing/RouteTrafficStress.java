package org.joveproxy.core.routing;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The number of a route's open requests, which several loops change at once. */
public class RouteTrafficStress {
    private RouteTrafficStress() {}

    /** One request stays open. Two loops serve others, and one of them reads how many are open while it does. */
    @JCStressTest
    @Outcome(
            id = {"2, 1", "3, 1", "4, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "the one that stays open, the reader's own, and those that come meanwhile")
    @Outcome(expect = Expect.FORBIDDEN, desc = "fewer than are open, or some for ever")
    @State
    public static class OpenRequests {
        private final RouteTraffic traffic = new RouteTraffic();

        public OpenRequests() {
            traffic.requestOpened();
        }

        @Actor
        public void loop() {
            traffic.requestOpened();
            traffic.requestClosed();
            traffic.requestOpened();
            traffic.requestClosed();
        }

        @Actor
        public void otherLoop(II_Result seen) {
            traffic.requestOpened();
            seen.r1 = traffic.openRequests();
            traffic.requestClosed();
        }

        @Arbiter
        public void afterwards(II_Result seen) {
            seen.r2 = traffic.openRequests();
        }
    }
}
