package org.joveproxy.core.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The permits themselves behave as if threads took them one after the other. With a line that is not so, and need not be:
 * who asks while a permit is on its way to somebody in line is told that there is none. But when all have done what they
 * did, nobody is in line while a permit is free, and the permits in use are those that somebody holds.
 */
@Tag("concurrency")
public class ConnectionBudgetLincheckTest {
    /** Permits without a line. */
    public static class Permits {
        private final ConnectionBudget budget = new ConnectionBudget(2);

        @Operation
        public boolean tryTake() {
            return budget.tryTake();
        }

        @Operation
        public String giveBack() {
            try {
                budget.giveBack();
                return "given back";
            } catch (IllegalStateException neverTaken) {
                return "never taken";
            }
        }

        @Operation
        public int inUse() {
            return budget.inUse();
        }
    }

    /** Permits with a line. */
    public static class Line {
        private static final int LIMIT = 1;

        private final ConnectionBudget budget = new ConnectionBudget(LIMIT);
        private final AtomicInteger held = new AtomicInteger();
        private final AtomicInteger inLine = new AtomicInteger();

        @Operation
        public void tryTake() {
            if (budget.tryTake()) {
                held.incrementAndGet();
            }
        }

        @Operation
        public void getInLine() {
            inLine.incrementAndGet();
            budget.getInLine(() -> {
                held.incrementAndGet();
                inLine.decrementAndGet();
            });
        }

        @Operation
        public void giveBack() {
            if (held.getAndUpdate(n -> n > 0 ? n - 1 : n) > 0) {
                budget.giveBack();
            }
        }

        @Validate
        public void nobodyIsForgotten() {
            if (budget.inUse() != held.get() || budget.inUse() > LIMIT) {
                throw new IllegalStateException(budget.inUse() + " in use, " + held + " held");
            }
            if (inLine.get() > 0 && budget.inUse() < LIMIT) {
                throw new IllegalStateException(inLine + " in line, " + budget.inUse() + " in use");
            }
        }
    }

    @Test
    void everyInterleavingOfPermitsLooksSequential() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(Permits.class);
    }

    @Test
    void noInterleavingForgetsAnybodyInLine() {
        new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(2)
                .actorsAfter(0)
                .verifier(EpsilonVerifier.class)
                .check(Line.class);
    }

    @Test
    void realThreadsForgetNobodyInLine() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(0)
                .verifier(EpsilonVerifier.class)
                .check(Line.class);
    }
}
