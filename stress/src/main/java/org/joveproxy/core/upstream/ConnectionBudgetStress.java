package org.joveproxy.core.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The permits of one upstream between several loops. */
public class ConnectionBudgetStress {
    private ConnectionBudgetStress() {}

    /** Two loops want the last permit. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them has it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, or neither")
    @State
    public static class LastPermit {
        private final ConnectionBudget budget = new ConnectionBudget(1);

        @Actor
        public void one(ZZ_Result seen) {
            seen.r1 = budget.tryTake();
        }

        @Actor
        public void other(ZZ_Result seen) {
            seen.r2 = budget.tryTake();
        }
    }

    /** The last permit comes back just as somebody gets in line. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "who was in line has it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "forgotten in line beside a free permit")
    @State
    public static class GiveBackOrGetInLine {
        private final ConnectionBudget budget = new ConnectionBudget(1);
        private final AtomicInteger granted = new AtomicInteger();

        public GiveBackOrGetInLine() {
            budget.tryTake();
        }

        @Actor
        public void holder() {
            budget.giveBack();
        }

        @Actor
        public void waiter() {
            budget.getInLine(granted::incrementAndGet);
        }

        @Arbiter
        public void afterwards(II_Result seen) {
            seen.r1 = granted.get();
            seen.r2 = budget.inUse();
        }
    }

    /** Three want the permit that comes back, the one who had it among them; it is handed on until all had it. */
    @JCStressTest
    @Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "one at a time, and all of them")
    @Outcome(expect = Expect.FORBIDDEN, desc = "somebody is forgotten, or two had it at once")
    @State
    public static class OneAfterTheOther {
        private final ConnectionBudget budget = new ConnectionBudget(1);
        private final AtomicInteger granted = new AtomicInteger();

        public OneAfterTheOther() {
            budget.tryTake();
        }

        private void want() {
            if (budget.tryTake()) {
                granted.incrementAndGet();
            } else {
                budget.getInLine(granted::incrementAndGet);
            }
        }

        @Actor
        public void holder() {
            budget.giveBack();
            want();
        }

        @Actor
        public void others() {
            want();
            want();
        }

        @Arbiter
        public void afterwards(II_Result seen) {
            seen.r1 = granted.get();
            budget.giveBack();
            budget.giveBack();
            seen.r2 = granted.get();
        }
    }

    /** Two permits come back at once while one is in line: one is for it, the other is free. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "granted once, and nothing kept")
    @Outcome(expect = Expect.FORBIDDEN, desc = "granted twice or never, or a permit is lost")
    @State
    public static class TwoComeBack {
        private final ConnectionBudget budget = new ConnectionBudget(2);
        private final AtomicInteger granted = new AtomicInteger();

        public TwoComeBack() {
            budget.tryTake();
            budget.tryTake();
            budget.getInLine(granted::incrementAndGet);
        }

        @Actor
        public void one() {
            budget.giveBack();
        }

        @Actor
        public void other() {
            budget.giveBack();
        }

        @Arbiter
        public void afterwards(II_Result seen) {
            seen.r1 = granted.get();
            seen.r2 = budget.inUse();
        }
    }
}
