package org.joveproxy.store.shared;

import java.util.List;

/**
 * How the store stands to what a replica knows of it.
 *
 * <p>Immutable.
 *
 * @param epoch of its content; empty when it holds nothing
 * @param seq the number of the last change
 * @param hasTakenOver whether the epoch that the replica knows has gone into this one
 * @param token of the change that the replica knows as the last one; 0 when the store does not hold it
 * @param isContinued whether the store holds all changes since
 * @param lastNews the last entry of the news
 */
record Standing(String epoch, long seq, boolean hasTakenOver, long token, boolean isContinued, String lastNews) {
    private static final String FORMAT = "1";

    static Standing look(Conversation store, String epoch, long seq) throws StoreLostException, InterruptedException {
        Keys keys = store.keys();
        List<Object> answer = store.list(
                Scripts.LOOK, List.of(keys.routes(), keys.changes(), keys.news()), List.of(epoch, Long.toString(seq)));
        String format = String.valueOf(answer.get(0));
        if (!format.isEmpty() && !format.equals(FORMAT)) {
            throw new StoreLostException("format of the routes: " + format + " (expected: " + FORMAT + ")");
        }
        return new Standing(
                String.valueOf(answer.get(1)),
                Heartbeat.number(answer.get(2)),
                Heartbeat.number(answer.get(3)) == 1,
                Change.token(String.valueOf(answer.get(4))),
                Heartbeat.number(answer.get(5)) == 1,
                String.valueOf(answer.get(6)));
    }
}
