package org.joveproxy.store.shared;

import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;

/**
 * Tells the other replicas when routes were used here, and learns from them, so that each of them knows the latest use
 * wherever it was.
 *
 * <p>Confined to the thread that follows the store.
 */
final class SharedActivity {
    private static final int PIECE = 1000;
    // The clock that uses are noted by is coarse, and a use may be noted a moment after it was looked up.
    private static final long OVERLAP_MILLIS = 1000;
    // What was used before the store fell silent may have been told while it was.
    private static final long AWAY_OVERLAP_MILLIS = 10_000;

    private final RouteTable routes;
    private final LongSupplier clock;
    private final String self;
    private long toldUntil;
    private long inTouchUntil;
    private long heardFrom = Long.MAX_VALUE;

    SharedActivity(RouteTable routes, String self, LongSupplier clock) {
        this.routes = routes;
        this.self = self;
        this.clock = clock;
        this.toldUntil = clock.getAsLong();
        this.inTouchUntil = toldUntil;
    }

    /** Others may have told what was not heard here. */
    void missed() {
        toldFrom(inTouchUntil - AWAY_OVERLAP_MILLIS);
    }

    /** Another replica has told of uses since {@code epochMillis}. */
    void toldFrom(long epochMillis) {
        heardFrom = Math.min(heardFrom, epochMillis);
    }

    /** Learns what others have told since. */
    void learn(Conversation store, LocalTable table) throws StoreLostException, InterruptedException {
        inTouchUntil = clock.getAsLong();
        if (heardFrom == Long.MAX_VALUE) {
            return;
        }
        Range<Long> since = Range.from(Range.Boundary.including(heardFrom), Range.Boundary.unbounded());
        heardFrom = Long.MAX_VALUE;
        List<ScoredValue<String>> used =
                store.await(store.ask().zrangebyscoreWithScores(store.keys().activity(), since));
        used.forEach(each -> table.used(each.getValue(), (long) each.getScore()));
    }

    /** Tells of the uses since the last time. */
    void tell(Conversation store) throws StoreLostException, InterruptedException {
        long now = clock.getAsLong();
        long earliest = Long.MAX_VALUE;
        List<String> uses = new ArrayList<>();
        for (Route route : routes.all()) {
            long used = route.activity().lastMillis();
            if (used > toldUntil - OVERLAP_MILLIS) {
                uses.add(route.path());
                uses.add(Long.toString(used));
                earliest = Math.min(earliest, used);
                if (uses.size() == 2 * PIECE) {
                    send(store, uses, earliest);
                    earliest = Long.MAX_VALUE;
                }
            }
        }
        if (!uses.isEmpty()) {
            send(store, uses, earliest);
        }
        toldUntil = now;
    }

    private void send(Conversation store, List<String> uses, long earliest)
            throws StoreLostException, InterruptedException {
        Keys keys = store.keys();
        List<String> arguments = new ArrayList<>(List.of(self, Long.toString(earliest)));
        arguments.addAll(uses);
        store.number(Scripts.ACTIVITY, List.of(keys.routes(), keys.activity(), keys.news()), arguments);
        uses.clear();
    }
}
