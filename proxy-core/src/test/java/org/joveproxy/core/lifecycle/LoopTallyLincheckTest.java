package org.joveproxy.core.lifecycle;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One loop counts, others read: each counter is exact, and nobody sees more sockets closed than opened. */
@Tag("concurrency")
public class LoopTallyLincheckTest {
    private static final String LOOP = "the loop";

    private final ConnectionLedger book = new ConnectionLedger();
    private final LoopTally tally = book.newTally();
    private int open;

    @Operation(nonParallelGroup = LOOP)
    public void socketOpens() {
        tally.socketOpened(Role.CLIENT, Phase.IDLE);
        open++;
    }

    @Operation(nonParallelGroup = LOOP)
    public void socketCloses() {
        if (open > 0) {
            open--;
            tally.socketClosed(Role.CLIENT, Phase.IDLE, CloseReason.PEER);
        }
    }

    @Operation
    public long opened() {
        return book.openedCount(Role.CLIENT);
    }

    @Operation
    public long closed() {
        return book.closedCount(Role.CLIENT);
    }

    @Operation
    public boolean neverFewerThanNoneAreOpen() {
        return book.openCount(Role.CLIENT) >= 0;
    }

    @Test
    void everyInterleavingLooksSequential() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .check(LoopTallyLincheckTest.class);
    }

    @Test
    void realThreadsLookSequential() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .check(LoopTallyLincheckTest.class);
    }
}
