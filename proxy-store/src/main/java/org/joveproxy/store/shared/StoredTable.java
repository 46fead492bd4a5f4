package org.joveproxy.store.shared;

import io.lettuce.core.KeyValue;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.Range;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValueScanCursor;
import io.lettuce.core.StreamMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.routing.RoutePath;

/**
 * All that the store holds, as of one change.
 *
 * <p>Confined to the thread that read it.
 *
 * @param seq the number of that change
 * @param token its token, as text
 * @param hasNoRootRoute whether the root has no route although replicas may have a default for it
 * @param routes the data of each route as JSON, by its path
 * @param activity when each route was used last; a little newer or older than the routes
 */
record StoredTable(
        String epoch,
        long seq,
        String token,
        boolean hasNoRootRoute,
        Map<String, String> routes,
        Map<String, Long> activity) {
    private static final int PIECE = 1000;
    private static final int MAX_TRIES = 5;
    private static final ScanArgs ARGUMENTS = ScanArgs.Builder.limit(PIECE);

    /** What belongs to the whole table rather than to one route. */
    private record Head(String epoch, long seq, String token, boolean hasNoRootRoute) {
        static Head read(Conversation store) throws StoreLostException, InterruptedException {
            List<KeyValue<String, String>> fields =
                    store.await(store.ask().hmget(store.keys().routes(), "#epoch", "#seq", "#token", "#norootroute"));
            return new Head(
                    fields.get(0).getValueOrElse(""),
                    Long.parseLong(fields.get(1).getValueOrElse("0")),
                    fields.get(2).getValueOrElse(""),
                    fields.get(3).hasValue());
        }
    }

    /**
     * Reads it piece by piece, so that others are not held up by a large table, and makes up for what changed meanwhile by
     * the changes' own records.
     *
     * @throws StoreLostException when the store goes away, or changes faster than it can be read
     */
    static StoredTable read(Conversation store) throws StoreLostException, InterruptedException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Head before = Head.read(store);
            Map<String, Long> activity = activity(store);
            Map<String, String> routes = routes(store);
            Head after = Head.read(store);
            if (before.epoch().equals(after.epoch()) && addChanges(store, routes, before.seq(), after.seq())) {
                return new StoredTable(
                        after.epoch(), after.seq(), after.token(), after.hasNoRootRoute(), routes, activity);
            }
        }
        throw new StoreLostException("the routes change faster than they can be read");
    }

    private static Map<String, String> routes(Conversation store) throws StoreLostException, InterruptedException {
        Map<String, String> routes = new HashMap<>();
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            MapScanCursor<String, String> piece =
                    store.await(store.ask().hscan(store.keys().routes(), cursor, ARGUMENTS));
            piece.getMap().forEach((name, value) -> {
                if (name.startsWith(RoutePath.ROOT)) {
                    routes.put(name, value);
                }
            });
            cursor = piece;
        }
        return routes;
    }

    private static Map<String, Long> activity(Conversation store) throws StoreLostException, InterruptedException {
        Map<String, Long> activity = new HashMap<>();
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            ScoredValueScanCursor<String> piece =
                    store.await(store.ask().zscan(store.keys().activity(), cursor, ARGUMENTS));
            piece.getValues().forEach(used -> activity.put(used.getValue(), (long) used.getScore()));
            cursor = piece;
        }
        return activity;
    }

    /** Makes the changes behind {@code from} up to {@code to}; answers whether all of them were there. */
    private static boolean addChanges(Conversation store, Map<String, String> routes, long from, long to)
            throws StoreLostException, InterruptedException {
        if (to < from || to - from > Scripts.CHANGES_KEPT) {
            return false;
        }
        for (long done = from; done < to; ) {
            List<StreamMessage<String, String>> entries = store.await(store.ask()
                    .xrange(
                            store.keys().changes(),
                            Range.create(Change.id(done + 1), Change.id(Math.min(to, done + PIECE)))));
            for (StreamMessage<String, String> entry : entries) {
                Change change = Change.of(entry);
                done++;
                if (change.seq() != done) {
                    return false;
                }
                if (change.op().equals(Change.PUT)) {
                    routes.put(change.path(), change.value());
                } else {
                    routes.remove(change.path());
                }
            }
            if (entries.isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
