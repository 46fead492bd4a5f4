package org.joveproxy.store.shared;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.joveproxy.core.routing.Route;
import org.joveproxy.store.RouteJson;

/**
 * Gives back to a store what it has lost. Every change that was acknowledged is in force on every live replica, so any of
 * them can do it.
 *
 * <p>Confined to the thread that follows the store.
 */
final class Recovery {
    private static final int PIECE = 500;
    private static final int PIECE_WORDS = 5 * PIECE;
    private static final int MAX_TRIES = 20;
    private static final int COLLECTED_SECONDS = 60;

    private final Conversation store;
    private final LocalTable table;
    private final String self;

    Recovery(Conversation store, LocalTable table, String self) {
        this.store = store;
        this.table = table;
        this.self = self;
    }

    /**
     * Begins an epoch in an empty store with the routes of this replica, or with none when it has never known any. Somebody
     * else may be faster; then nothing is changed.
     *
     * @param epochBefore what the routes belonged to; empty when there are none
     */
    void begin(String epochBefore, long seq) throws StoreLostException, InterruptedException {
        Keys keys = store.keys();
        if (!epochBefore.isEmpty()) {
            collect(table.shared().values());
        }
        store.number(
                Scripts.BEGIN,
                List.of(
                        keys.routes(),
                        keys.activity(),
                        keys.changes(),
                        keys.filledRoutes(self),
                        keys.filledActivity(self)),
                List.of(
                        Change.newToken(),
                        Long.toString(seq),
                        Change.newToken(),
                        epochBefore,
                        !epochBefore.isEmpty() && table.hasNoRootRoute() ? "1" : ""));
    }

    /** Puts {@code routes} where nobody sees them yet. */
    private void collect(Collection<Route> routes) throws StoreLostException, InterruptedException {
        String routesKey = store.keys().filledRoutes(self);
        String activityKey = store.keys().filledActivity(self);
        store.await(store.ask().del(routesKey, activityKey));
        Map<String, String> data = new HashMap<>();
        List<Object> activity = new ArrayList<>();
        for (Route route : routes) {
            data.put(route.path(), RouteJson.writeData(route));
            activity.add((double) route.activity().lastMillis());
            activity.add(route.path());
            if (data.size() == PIECE) {
                send(routesKey, data, activityKey, activity);
            }
        }
        if (!data.isEmpty()) {
            send(routesKey, data, activityKey, activity);
        }
    }

    private void send(String routesKey, Map<String, String> data, String activityKey, List<Object> activity)
            throws StoreLostException, InterruptedException {
        store.await(store.ask().hset(routesKey, data));
        store.await(store.ask().zadd(activityKey, activity.toArray()));
        // Nobody needs them should this replica end here.
        store.await(store.ask().expire(routesKey, COLLECTED_SECONDS));
        store.await(store.ask().expire(activityKey, COLLECTED_SECONDS));
        data.clear();
        activity.clear();
    }

    /**
     * Makes the changes again that the store has forgotten, for example because it was restarted with an older copy of its
     * data. What others have changed since wins.
     *
     * @param known the changes that this replica knows
     */
    void repair(KnownChanges known) throws StoreLostException, InterruptedException {
        merge(known, true);
    }

    /** Adds the routes of this replica to a store that was begun anew without them; what is there wins. */
    void unite(String epochBefore) throws StoreLostException, InterruptedException {
        merge(new KnownChanges(), false);
        store.await(store.ask().hset(store.keys().routes(), "#before:" + epochBefore, "1"));
    }

    private void merge(KnownChanges known, boolean isSameEpoch) throws StoreLostException, InterruptedException {
        for (int i = 0; i < MAX_TRIES; i++) {
            StoredTable stored = StoredTable.read(store);
            List<String> operations = operations(stored, changedSince(known), isSameEpoch);
            if (write(stored, operations)) {
                return;
            }
        }
        throw new StoreLostException("the routes change faster than lost ones can be given back");
    }

    /** The paths of the changes that this replica does not know. */
    private Set<String> changedSince(KnownChanges known) throws StoreLostException, InterruptedException {
        Set<String> paths = new HashSet<>();
        Range<String> range = Range.unbounded();
        while (paths.size() < Scripts.CHANGES_KEPT) {
            List<StreamMessage<String, String>> entries =
                    store.await(store.ask().xrevrange(store.keys().changes(), range, Limit.from(PIECE)));
            for (StreamMessage<String, String> entry : entries) {
                Change change = Change.of(entry);
                if (known.has(change.seq(), change.token())) {
                    return paths;
                }
                paths.add(change.path());
                range = Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(entry.getId()));
            }
            if (entries.size() < PIECE) {
                return paths;
            }
        }
        return paths;
    }

    /** What, path, value, time and token of each change that makes the store hold what this replica does. */
    private List<String> operations(StoredTable stored, Set<String> newer, boolean isSameEpoch) {
        List<String> operations = new ArrayList<>();
        Map<String, Route> mine = table.shared();
        mine.forEach((path, route) -> {
            String data = RouteJson.writeData(route);
            String there = stored.routes().get(path);
            boolean isLost = isSameEpoch ? !data.equals(there) : there == null;
            if (isLost && !newer.contains(path)) {
                operations.addAll(List.of(
                        Change.PUT, path, data, Long.toString(route.activity().lastMillis()), Change.newToken()));
            }
        });
        if (isSameEpoch) {
            for (String path : stored.routes().keySet()) {
                if (!mine.containsKey(path) && !newer.contains(path)) {
                    operations.addAll(List.of(Change.REMOVE, path, "", "0", Change.newToken()));
                }
            }
        }
        return operations;
    }

    /** Answers whether all could be written before anybody else made a change. */
    private boolean write(StoredTable stored, List<String> operations) throws StoreLostException, InterruptedException {
        Keys keys = store.keys();
        long seq = stored.seq();
        for (int from = 0; from < operations.size(); from += PIECE_WORDS) {
            List<String> arguments = new ArrayList<>(List.of(stored.epoch(), Long.toString(seq), self));
            arguments.addAll(operations.subList(from, Math.min(operations.size(), from + PIECE_WORDS)));
            seq = store.number(Scripts.REPAIR, List.of(keys.routes(), keys.activity(), keys.changes()), arguments);
            if (seq < 0) {
                return false;
            }
        }
        return true;
    }
}
