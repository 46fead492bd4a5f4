package org.joveproxy.core.lifecycle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** The ledger's counters while a loop counts. */
public class LoopTallyStress {
    private LoopTallyStress() {}

    /** A socket opens and closes while another thread asks how many are open. */
    @JCStressTest
    @Outcome(
            id = {"0", "1"},
            expect = Expect.ACCEPTABLE,
            desc = "none or one")
    @Outcome(expect = Expect.FORBIDDEN, desc = "fewer than none")
    @State
    public static class OpenCount {
        private final ConnectionLedger book = new ConnectionLedger();
        private final LoopTally tally = book.newTally();

        @Actor
        public void loop() {
            tally.socketOpened(Role.CLIENT, Phase.IDLE);
            tally.socketClosed(Role.CLIENT, Phase.IDLE, CloseReason.PEER);
        }

        @Actor
        public void reader(J_Result seen) {
            seen.r1 = book.openCount(Role.CLIENT);
        }
    }
}
