package org.joveproxy.store.journal;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SingleFileStore;
import org.h2.mvstore.type.LongDataType;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteTable;
import org.jspecify.annotations.Nullable;

/**
 * The file of routes while it is open: what is written and touched becomes part of it by {@link #commit}, all or nothing.
 *
 * <p>Confined to one thread at a time. After an {@link IOException} only {@link #abandon} may be called.
 */
final class RouteFile {
    // All routes are there as they were when the file was made, in the order of their paths, and behind them each
    // change since. Nothing that was written is read or changed again: a commit costs the same however many routes
    // there are, and makes little garbage. Changing the routes themselves, it wrote some twenty pages, most of
    // them the library's own books of older pages that it had replaced.
    //
    // Each commit is appended and synced. Freed space is never used again: a commit that is torn by a loss of
    // power can then be nothing but the end of the file, where the library looks for it. With space used again it
    // may come up with a state of some commits before, for it finds the newest part only by the header, which was
    // on its way as well.
    //
    // The library's pages have no checksums. The sum over all entries changes with every commit, so a page that is
    // damaged, missing or old shows, wherever it is.

    /** The form of the file; one with a higher number is not understood. */
    static final int FORMAT = 2;

    private static final Set<String> READABLE_FORMATS = Set.of("1", "2");
    private static final String ROUTES = "routes";
    private static final String LATER = "later";
    // In format 1 the routes themselves were changed, and this had the times of last use since.
    private static final String ACTIVITY = "activity";
    private static final String JOURNAL = "journal";
    private static final String FORMAT_KEY = "format";
    private static final String WRITER_KEY = "writer";
    private static final String DEFAULT_KEY = "default";
    private static final String SUM_KEY = "sum";

    // The cache has one segment, for a page must be small beside a segment.
    private static final Map<String, Object> SETTINGS =
            Map.of("cacheSize", 1, "cacheConcurrency", 1, "pageSplitSize", 4096);
    // Each commit writes the last page of each level anew.
    private static final int KEYS_A_PAGE = 8;
    // A map that has a single writer can be appended to, which spares a copy of each page for each entry.
    private static final MVMap.Builder<String, KeptRoute> KEPT_ROUTES = new MVMap.Builder<String, KeptRoute>()
            .keyType(Text.TYPE)
            .valueType(KeptRoute.TYPE)
            .singleWriter();
    private static final MVMap.Builder<Long, LaterChange> LATER_CHANGES = new MVMap.Builder<Long, LaterChange>()
            .keyType(LaterChange.NUMBERS)
            .valueType(LaterChange.TYPE)
            .singleWriter();
    private static final MVMap.Builder<String, Long> TIMES =
            new MVMap.Builder<String, Long>().keyType(Text.TYPE).valueType(LongDataType.INSTANCE);
    private static final MVMap.Builder<String, String> TEXTS =
            new MVMap.Builder<String, String>().keyType(Text.TYPE).valueType(Text.TYPE);

    private static final int AT_ONCE = 2000;
    private static final long SMALL_BYTES = 8 << 20;
    private static final int WASTEFUL_TIMES = 4;
    private static final int EARLIER_COMMITS = 4;

    private final Path path;
    private final @Nullable Object key;
    private final MVStore store;
    private final MVMap<String, KeptRoute> routes;
    private final MVMap<Long, LaterChange> later;
    private final MVMap<String, String> journal;
    // When each route that is kept was last used, as far as the file knows.
    private final NavigableMap<String, Long> lastUses;
    private long laterChanges;
    private long sum;
    private long freshBytes;
    private boolean isChanged;

    private RouteFile(Path path, @Nullable Object key, MVStore store, NavigableMap<String, Long> lastUses) {
        this.path = path;
        this.key = key;
        this.store = store;
        this.lastUses = lastUses;
        this.routes = store.openMap(ROUTES, KEPT_ROUTES);
        this.later = store.openMap(LATER, LATER_CHANGES);
        this.journal = store.openMap(JOURNAL, TEXTS);
    }

    /**
     * What a file holds.
     *
     * @param routes restored, in the order of their paths
     * @param defaultTarget of the command line that wrote it; empty when it named none
     */
    record Contents(List<Route> routes, String defaultTarget) {}

    /** Begins an empty new file, which nobody sees before it is {@linkplain #finish finished}. */
    private static RouteFile begin(
            JournalDirectory directory, String defaultTarget, NavigableMap<String, Long> lastUses) throws IOException {
        directory.makeNewFile();
        SingleFileStore bytes = new SingleFileStore(new HashMap<>(SETTINGS));
        try {
            Object key = JournalDirectory.key(directory.newFile());
            RouteFile file = new RouteFile(directory.file(), key, storeIn(bytes, directory.newFile(), false), lastUses);
            file.journal.put(FORMAT_KEY, Integer.toString(FORMAT));
            file.journal.put(WRITER_KEY, writer());
            file.journal.put(DEFAULT_KEY, defaultTarget);
            return file;
        } catch (RuntimeException e) {
            close(bytes);
            throw new IOException("a new file could not be made", e);
        }
    }

    /** Writes a new file with {@code routes}, which takes the place of the old one. */
    static RouteFile create(JournalDirectory directory, String defaultTarget, Collection<Route> routes)
            throws IOException {
        RouteFile file = begin(directory, defaultTarget, new TreeMap<>());
        try {
            List<Route> sorted =
                    routes.stream().sorted(Comparator.comparing(Route::path)).toList();
            for (int i = 0; i < sorted.size(); i++) {
                Route route = sorted.get(i);
                file.append(route);
                file.lastUses.put(route.path(), route.activity().lastMillis());
                if (i % AT_ONCE == AT_ONCE - 1) {
                    file.flush();
                }
            }
            file.finish(directory);
            return file;
        } catch (IOException | RuntimeException | AssertionError e) {
            file.abandon();
            directory.dropNewFile();
            throw e;
        }
    }

    /**
     * Begins an empty file that is to take the place of this one, when all routes have been {@linkplain #copyPiece copied}.
     * Both know the same paths; until then nothing may be {@linkplain #touchPiece touched}.
     */
    RouteFile beginNext(JournalDirectory directory, String defaultTarget) throws IOException {
        return begin(directory, defaultTarget, lastUses);
    }

    /**
     * Copies at most {@code count} routes that are kept here, those behind the path {@code last} or the first ones, to
     * {@code next}, as they are in force in {@code table}. Returns the path of the last of them, or null when none is left.
     */
    @Nullable
    String copyPiece(@Nullable String last, int count, RouteTable table, RouteFile next) {
        String copied = null;
        Iterator<String> paths = behind(last).keySet().iterator();
        for (int i = 0; i < count && paths.hasNext(); i++) {
            copied = paths.next();
            Route route = table.get(copied);
            // One that is gone was removed by a change that is still to come.
            if (route != null) {
                next.append(route);
            }
        }
        return copied;
    }

    private NavigableMap<String, Long> behind(@Nullable String last) {
        return last == null ? lastUses : lastUses.tailMap(last, false);
    }

    private void append(Route route) {
        KeptRoute kept = KeptRoute.of(route);
        routes.append(route.path(), kept);
        sum += sumOf(route.path(), kept);
        isChanged = true;
    }

    /** Writes what was put, without waiting for the disk. */
    void flush() throws IOException {
        try {
            store.commit();
        } catch (RuntimeException e) {
            throw new IOException("a new file could not be written", e);
        }
    }

    /** Has this new file take the place of the old one. */
    void finish(JournalDirectory directory) throws IOException {
        isChanged = true;
        write();
        directory.newFileIsComplete();
        freshBytes = store.getFileStore().size();
    }

    /** Whether most of the file is what has been replaced since it was new. */
    boolean isWasteful() {
        long bytes = store.getFileStore().size();
        return bytes > SMALL_BYTES && bytes > WASTEFUL_TIMES * freshBytes;
    }

    /**
     * What the file holds that is there. It stays as it is.
     *
     * @throws UnreadableFileException when it is not what a journal writes
     * @throws IOException when it cannot be read at all
     */
    static Contents read(JournalDirectory directory, long nowMillis) throws IOException, UnreadableFileException {
        return read(directory.file(), 0, nowMillis);
    }

    /**
     * What a damaged file held before the last of its commits: of the last few the newest that is whole, or null when none
     * is. The file stays as it is.
     */
    static @Nullable Contents salvage(JournalDirectory directory, long nowMillis) throws IOException {
        for (int back = 1; back <= EARLIER_COMMITS; back++) {
            directory.copyToNewFile();
            try {
                return read(directory.newFile(), back, nowMillis);
            } catch (UnreadableFileException e) {
                // The one before may be whole.
            } finally {
                directory.dropNewFile();
            }
        }
        return null;
    }

    private static Contents read(Path path, int commitsBack, long nowMillis)
            throws IOException, UnreadableFileException {
        if (!Files.isRegularFile(path)) {
            throw UnreadableFileException.foreign("it is not a file");
        }
        SingleFileStore bytes = new SingleFileStore(new HashMap<>(SETTINGS));
        try {
            MVStore store = storeIn(bytes, path, commitsBack == 0);
            if (commitsBack > 0) {
                store.rollbackTo(store.getCurrentVersion() - commitsBack);
            }
            return contents(store, nowMillis);
        } catch (RuntimeException | Error e) {
            // A damaged file makes the library fail in any way, by an assertion or by an array of an absurd size too.
            IOException cause = ioCause(e);
            if (cause != null && !(cause instanceof EOFException)) {
                throw new IOException("the file could not be read", e);
            }
            throw UnreadableFileException.damaged(String.valueOf(e.getMessage()), e);
        } finally {
            close(bytes);
        }
    }

    private static Contents contents(MVStore store, long nowMillis) throws UnreadableFileException {
        if (!store.hasMap(JOURNAL)) {
            throw UnreadableFileException.foreign("it was not written by this proxy");
        }
        MVMap<String, String> journal = store.openMap(JOURNAL, TEXTS);
        String format = journal.get(FORMAT_KEY);
        if (!READABLE_FORMATS.contains(format)) {
            throw UnreadableFileException.foreign("format: " + format + " (expected: <= " + FORMAT + ")");
        }
        Uses uses = new Uses(store.openMap(ACTIVITY, TIMES).cursor(null));
        Later later = new Later(store.openMap(LATER, LATER_CHANGES).cursor(null));
        List<Route> routes = new ArrayList<>();
        long sum = 0;
        for (Cursor<String, KeptRoute> cursor =
                        store.openMap(ROUTES, KEPT_ROUTES).cursor(null);
                cursor.hasNext(); ) {
            String path = cursor.next();
            KeptRoute kept = cursor.getValue();
            sum += sumOf(path, kept);
            long usedMillis = Math.max(kept.lastMillis(), uses.of(path));
            LaterChange change = later.take(path);
            if (change == null) {
                routes.add(kept.restored(path, usedMillis, nowMillis));
            } else if (change.kind() == LaterChange.Kind.USED) {
                routes.add(kept.restored(path, Math.max(usedMillis, change.lastMillis()), nowMillis));
            } else if (change.route() != null) {
                routes.add(change.route().restored(path, change.lastMillis(), nowMillis));
            }
        }
        if (!Long.toHexString(sum + uses.finish() + later.sum).equals(journal.get(SUM_KEY))) {
            throw UnreadableFileException.damaged("a part of it is damaged or missing", null);
        }
        for (LaterChange change : later.others()) {
            KeptRoute added = change.route();
            if (added != null) {
                routes.add(added.restored(change.path(), change.lastMillis(), nowMillis));
            }
        }
        routes.sort(Comparator.comparing(Route::path));
        return new Contents(routes, Objects.requireNonNullElse(journal.get(DEFAULT_KEY), ""));
    }

    /** What became of each path after the file was made. */
    private static final class Later {
        private final Map<String, LaterChange> last = new HashMap<>();
        private long sum;

        Later(Cursor<Long, LaterChange> cursor) {
            while (cursor.hasNext()) {
                long number = cursor.next();
                LaterChange change = cursor.getValue();
                sum += sumOf(number, change);
                last.merge(change.path(), change, LaterChange::then);
            }
        }

        /** What became of {@code path}, of which nobody asks again; null when nothing did. */
        @Nullable
        LaterChange take(String path) {
            return last.remove(path);
        }

        /** What became of all paths that nobody has asked for. */
        Collection<LaterChange> others() {
            return last.values();
        }
    }

    private static MVStore storeIn(SingleFileStore bytes, Path path, boolean readOnly) {
        bytes.open(path.toString(), readOnly, (char[]) null);
        // A buffer of 0 means that nothing is written but by a commit.
        MVStore store = new MVStore.Builder()
                .adoptFileStore(bytes)
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .keysPerPage(KEYS_A_PAGE)
                .open();
        store.setRetentionTime(0);
        if (!readOnly) {
            store.setReuseSpace(false);
        }
        return store;
    }

    /** The times of last use in the order of the paths, read beside the routes. */
    private static final class Uses {
        private final Cursor<String, Long> cursor;
        private @Nullable String path;
        private long sum;

        Uses(Cursor<String, Long> cursor) {
            this.cursor = cursor;
            advance();
        }

        private void advance() {
            path = cursor.hasNext() ? cursor.next() : null;
            if (path != null) {
                sum += sumOf(path, cursor.getValue());
            }
        }

        /** When {@code wanted}, which is behind all that were asked for before, was last used; else the least number. */
        long of(String wanted) {
            while (path != null && path.compareTo(wanted) < 0) {
                advance();
            }
            return wanted.equals(path) ? cursor.getValue() : Long.MIN_VALUE;
        }

        long finish() {
            while (path != null) {
                advance();
            }
            return sum;
        }
    }

    private static String writer() {
        String version = RouteFile.class.getPackage().getImplementationVersion();
        return "jove " + (version == null ? "unpackaged" : version);
    }

    /** Does what {@code change} did to the table. */
    void write(Change change) {
        Route route = change.route();
        if (route != null) {
            note(LaterChange.put(change.path(), KeptRoute.of(route)));
            lastUses.put(change.path(), route.activity().lastMillis());
        } else if (change.isOne()) {
            note(LaterChange.removed(change.path()));
            lastUses.remove(change.path());
        }
    }

    /**
     * Notes when the routes of at most {@code count} paths, those behind {@code last} or the first ones, were last used, where
     * that is news. Returns the last of these paths, or null when none is left.
     */
    @Nullable
    String touchPiece(@Nullable String last, int count, RouteTable table) {
        String looked = null;
        Iterator<Map.Entry<String, Long>> entries = behind(last).entrySet().iterator();
        for (int i = 0; i < count && entries.hasNext(); i++) {
            Map.Entry<String, Long> known = entries.next();
            looked = known.getKey();
            Route route = table.get(looked);
            if (route != null && route.activity().lastMillis() != known.getValue()) {
                long lastMillis = route.activity().lastMillis();
                note(LaterChange.used(looked, lastMillis));
                known.setValue(lastMillis);
            }
        }
        return looked;
    }

    private void note(LaterChange change) {
        later.append(laterChanges, change);
        sum += sumOf(laterChanges, change);
        laterChanges++;
        isChanged = true;
    }

    /** Has all that was done since the last time survive whatever happens. */
    void commit() throws IOException {
        if (isChanged) {
            write();
        }
        checkPlace();
    }

    private void write() throws IOException {
        try {
            journal.put(SUM_KEY, Long.toHexString(sum));
            store.commit();
            store.sync();
            isChanged = false;
        } catch (RuntimeException e) {
            throw new IOException("the file could not be written", e);
        }
    }

    private void checkPlace() throws IOException {
        // Writing to a file that somebody has deleted works, and is good for nothing.
        if (!Objects.equals(key, JournalDirectory.key(path))) {
            throw new FileNotFoundException("it was removed or replaced");
        }
    }

    /** Gives the file up as it was at the last commit. */
    void abandon() {
        store.closeImmediately();
    }

    private static void close(SingleFileStore bytes) {
        try {
            bytes.close();
        } catch (RuntimeException e) {
            // It was not open, or not wholly.
        }
    }

    private static @Nullable IOException ioCause(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof IOException io) {
                return io;
            }
        }
        return null;
    }

    private static long sumOf(String path, KeptRoute route) {
        CRC32C crc = crc(path);
        crc.update(route.target().getBytes(StandardCharsets.UTF_8));
        crc.update(route.json());
        return mixed(crc.getValue() ^ mixed(route.lastMillis()));
    }

    private static long sumOf(String path, long lastMillis) {
        return mixed(~crc(path).getValue() ^ mixed(lastMillis));
    }

    private static long sumOf(long number, LaterChange change) {
        KeptRoute route = change.route();
        long what = route == null ? sumOf(change.path(), change.lastMillis()) : sumOf(change.path(), route);
        return mixed(what ^ mixed(3 * number + change.kind().number()));
    }

    private static CRC32C crc(String path) {
        CRC32C crc = new CRC32C();
        crc.update(path.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        return crc;
    }

    /** Spreads every bit over all others (SplitMix64), so that sums of what is alike differ. */
    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
