package org.joveproxy.core.lifecycle;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One loop counts, others read: the loop's own count is exact, and nobody sees more sockets closed than opened. */
@Tag("concurrency")
public class LoopTallyLincheckTest {
    private static final String LOOP = "the loop";

    private final ConnectionLedger book = new ConnectionLedger();
    private final LoopTally tally = book.newTally();

    @Operation(nonParallelGroup = LOOP)
    public void socketComesAndGoes() {
        tally.socketOpened(Role.CLIENT, Phase.IDLE);
        tally.socketClosed(Role.CLIENT, Phase.IDLE, CloseReason.PEER);
    }

    @Operation(nonParallelGroup = LOOP)
    public long opened() {
        return book.openedCount(Role.CLIENT);
    }

    @Operation
    public boolean neverFewerThanNoneAreOpen() {
        return book.openCount(Role.CLIENT) >= 0;
    }

    @Test
    void everyInterleavingLooksSequential() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .check(LoopTallyLincheckTest.class);
    }

    @Test
    void realThreadsLookSequential() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .check(LoopTallyLincheckTest.class);
    }
}
