package org.joveproxy.store.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the store answers to a sign of life.
 *
 * <p>Immutable.
 *
 * @param epoch of the store's content; empty when it is gone
 * @param seq the number of the last change
 * @param storeMillis the store's time
 * @param replicas all that were heard of within a minute
 */
record Heartbeat(String epoch, long seq, long storeMillis, List<Replica> replicas) {
    static final Heartbeat NONE = new Heartbeat("", 0, 0, List.of());

    /** Copies the replicas. */
    Heartbeat {
        replicas = List.copyOf(replicas);
    }

    static Heartbeat of(List<Object> answer) {
        List<Replica> replicas = new ArrayList<>();
        for (int i = 3; i + 3 < answer.size(); i += 4) {
            replicas.add(Replica.of(
                    String.valueOf(answer.get(i)),
                    String.valueOf(answer.get(i + 3)),
                    (long) Double.parseDouble(String.valueOf(answer.get(i + 1))),
                    number(answer.get(i + 2))));
        }
        return new Heartbeat(String.valueOf(answer.get(0)), number(answer.get(1)), number(answer.get(2)), replicas);
    }

    static long number(Object text) {
        return Long.parseLong(String.valueOf(text));
    }

    boolean isLive(Replica replica) {
        return replica.lastSeenMillis() >= storeMillis - Scripts.LIVE_MILLIS;
    }

    /** Those from which the store has heard lately. */
    Set<String> live() {
        return replicas.stream().filter(this::isLive).map(Replica::id).collect(Collectors.toUnmodifiableSet());
    }
}
