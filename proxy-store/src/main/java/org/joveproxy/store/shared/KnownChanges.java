package org.joveproxy.store.shared;

/**
 * The last changes that a replica knows, to find out whether the store still knows them too.
 *
 * <p>Confined to the thread that follows the store.
 */
final class KnownChanges {
    private final long[] seqs = new long[Scripts.CHANGES_KEPT];
    private final long[] tokens = new long[Scripts.CHANGES_KEPT];

    void add(long seq, long token) {
        int at = (int) (seq % seqs.length);
        seqs[at] = seq;
        tokens[at] = token;
    }

    boolean has(long seq, long token) {
        int at = (int) (seq % seqs.length);
        return seqs[at] == seq && tokens[at] == token;
    }
}
