package org.joveproxy.store.journal;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SingleFileStore;
import org.h2.mvstore.type.LongDataType;
import org.joveproxy.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * The file of routes while it is open: what is put, removed and touched becomes part of it by {@link #commit}, all or
 * nothing.
 *
 * <p>Confined to one thread at a time. After an {@link IOException} only {@link #abandon} may be called.
 */
final class RouteFile {
    // The library finds a torn end of the file by itself, but its pages have no checksums. The sum over all entries
    // changes
    // with every commit, so a page that is damaged, missing or old shows, wherever it is.
    //
    // Freed space is used again after five more commits (the library's "versions to keep"). Each of them was synced, so
    // whatever a loss of power tears of the last, the one before is whole.

    /** The form of the file; one with a higher number is not understood. */
    static final int FORMAT = 1;

    private static final String ROUTES = "routes";
    private static final String ACTIVITY = "activity";
    private static final String JOURNAL = "journal";
    private static final String FORMAT_KEY = "format";
    private static final String WRITER_KEY = "writer";
    private static final String DEFAULT_KEY = "default";
    private static final String SUM_KEY = "sum";

    // The cache has one segment, for a page must be small beside a segment. Small pages, for each commit writes one of
    // each level, but not smaller than what a few routes take.
    private static final Map<String, Object> SETTINGS =
            Map.of("cacheSize", 1, "cacheConcurrency", 1, "pageSplitSize", 4096);
    private static final int EARLIER_COMMITS = 4;
    private static final int MANY = 1000;

    private final Path path;
    private final @Nullable Object key;
    private final MVStore store;
    private final MVMap<String, KeptRoute> routes;
    private final MVMap<String, Long> activity;
    private final MVMap<String, String> journal;
    private final Compaction compaction;
    private final Map<String, Long> lastUses = new HashMap<>();
    private long sum;
    private boolean isChanged;

    private RouteFile(Path path, @Nullable Object key, MVStore store) {
        this.path = path;
        this.key = key;
        this.store = store;
        this.compaction = new Compaction(store);
        this.routes = store.openMap(
                ROUTES,
                new MVMap.Builder<String, KeptRoute>().keyType(Text.TYPE).valueType(KeptRoute.TYPE));
        this.activity = store.openMap(
                ACTIVITY, new MVMap.Builder<String, Long>().keyType(Text.TYPE).valueType(LongDataType.INSTANCE));
        this.journal = store.openMap(
                JOURNAL, new MVMap.Builder<String, String>().keyType(Text.TYPE).valueType(Text.TYPE));
    }

    /**
     * What a file holds.
     *
     * @param routes restored, in the order of their paths
     * @param defaultTarget of the command line that wrote it; empty when it named none
     */
    record Contents(List<Route> routes, String defaultTarget) {}

    /** A file that has been opened, with what was found in it. */
    record Opened(RouteFile file, Contents contents) {}

    /** Writes a new file with {@code routes}, which takes the place of the old one when it is complete. */
    static RouteFile create(JournalDirectory directory, String defaultTarget, Collection<Route> routes)
            throws IOException {
        directory.makeNewFile();
        SingleFileStore bytes = new SingleFileStore(new HashMap<>(SETTINGS));
        try {
            MVStore store = storeIn(bytes, directory.newFile());
            RouteFile file = new RouteFile(directory.file(), JournalDirectory.key(directory.newFile()), store);
            file.journal.put(FORMAT_KEY, Integer.toString(FORMAT));
            file.sign(defaultTarget);
            routes.forEach(file::put);
            file.write();
            directory.newFileIsComplete();
            return file;
        } catch (RuntimeException | IOException e) {
            close(bytes);
            directory.dropNewFile();
            throw new IOException("writing the routes anew failed", e);
        }
    }

    /**
     * Opens the file that is there and reads it.
     *
     * @throws UnreadableFileException when it is not what a journal writes
     * @throws IOException when it cannot be read at all
     */
    static Opened open(JournalDirectory directory, long nowMillis) throws IOException, UnreadableFileException {
        return open(directory.file(), 0, nowMillis);
    }

    /**
     * What a damaged file held before the last of its commits: of the last few the newest that is whole, or null when none
     * is. The file stays as it is.
     */
    static @Nullable Contents salvage(JournalDirectory directory, long nowMillis) throws IOException {
        for (int back = 1; back <= EARLIER_COMMITS; back++) {
            directory.copyToNewFile();
            try {
                Opened opened = open(directory.newFile(), back, nowMillis);
                opened.file.abandon();
                return opened.contents;
            } catch (UnreadableFileException e) {
                // The one before may be whole.
            } finally {
                directory.dropNewFile();
            }
        }
        return null;
    }

    private static Opened open(Path path, int commitsBack, long nowMillis) throws IOException, UnreadableFileException {
        if (!Files.isRegularFile(path)) {
            throw new UnreadableFileException("it is not a file");
        }
        SingleFileStore bytes = new SingleFileStore(new HashMap<>(SETTINGS));
        try {
            MVStore store = storeIn(bytes, path);
            if (commitsBack > 0) {
                store.rollbackTo(store.getCurrentVersion() - commitsBack);
            }
            checkFormat(store);
            RouteFile file = new RouteFile(path, JournalDirectory.key(path), store);
            return new Opened(file, file.read(nowMillis));
        } catch (UnreadableFileException | IOException e) {
            close(bytes);
            throw e;
        } catch (RuntimeException | Error e) {
            // A damaged file makes the library fail in any way, by an assertion or by an array of an absurd size too.
            close(bytes);
            IOException cause = ioCause(e);
            if (cause != null && !(cause instanceof EOFException)) {
                throw new IOException("reading the routes failed", e);
            }
            throw new UnreadableFileException(String.valueOf(e.getMessage()), e);
        }
    }

    private static MVStore storeIn(SingleFileStore bytes, Path path) {
        bytes.open(path.toString(), false, (char[]) null);
        // A buffer of 0 means that nothing is written but by a commit.
        MVStore store = new MVStore.Builder()
                .adoptFileStore(bytes)
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .open();
        store.setRetentionTime(0);
        return store;
    }

    private static void checkFormat(MVStore store) throws UnreadableFileException {
        String format = store.hasMap(JOURNAL)
                ? store.openMap(
                                JOURNAL,
                                new MVMap.Builder<String, String>()
                                        .keyType(Text.TYPE)
                                        .valueType(Text.TYPE))
                        .get(FORMAT_KEY)
                : null;
        if (format == null) {
            throw new UnreadableFileException("it was not written by this proxy");
        }
        if (!format.equals(Integer.toString(FORMAT))) {
            throw new UnreadableFileException("format: " + format + " (expected: " + FORMAT + ")");
        }
    }

    private Contents read(long nowMillis) throws UnreadableFileException {
        List<Entry> entries = new ArrayList<>(routes.size());
        Uses uses = new Uses(activity.cursor(null));
        for (Cursor<String, KeptRoute> cursor = routes.cursor(null); cursor.hasNext(); ) {
            String routePath = cursor.next();
            KeptRoute kept = cursor.getValue();
            sum += sumOf(routePath, kept);
            long lastMillis = Math.max(kept.lastMillis(), uses.of(routePath));
            entries.add(new Entry(routePath, kept, lastMillis));
            lastUses.put(routePath, lastMillis);
        }
        sum += uses.finish();
        if (!Long.toHexString(sum).equals(journal.get(SUM_KEY))) {
            throw new UnreadableFileException("a part of it is damaged or missing");
        }
        // Reading the JSON of very many takes longer than all the rest.
        Stream<Entry> each = entries.size() < MANY ? entries.stream() : entries.parallelStream();
        List<Route> found = each.map(entry -> entry.restored(nowMillis)).toList();
        return new Contents(found, Objects.requireNonNullElse(journal.get(DEFAULT_KEY), ""));
    }

    private record Entry(String path, KeptRoute kept, long lastMillis) {
        Route restored(long nowMillis) {
            return kept.restored(path, lastMillis, nowMillis);
        }
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

    /** Notes which version of the proxy writes, and what its command line said. */
    void sign(String defaultTarget) {
        note(WRITER_KEY, writer());
        note(DEFAULT_KEY, defaultTarget);
    }

    private void note(String name, String value) {
        if (!value.equals(journal.get(name))) {
            journal.put(name, value);
            isChanged = true;
        }
    }

    private static String writer() {
        String version = RouteFile.class.getPackage().getImplementationVersion();
        return "jove " + (version == null ? "unpackaged" : version);
    }

    /** Adds {@code route}, or puts it in the place of the one at its path. */
    void put(Route route) {
        KeptRoute kept = KeptRoute.of(route);
        KeptRoute replaced = routes.put(route.path(), kept);
        if (replaced != null) {
            sum -= sumOf(route.path(), replaced);
        }
        sum += sumOf(route.path(), kept);
        lastUses.put(route.path(), kept.lastMillis());
        isChanged = true;
    }

    /** Removes the route at {@code path}, if there is one. */
    void remove(String path) {
        KeptRoute removed = routes.remove(path);
        if (removed != null) {
            sum -= sumOf(path, removed);
            isChanged = true;
        }
        Long lastUse = activity.remove(path);
        if (lastUse != null) {
            sum -= sumOf(path, lastUse);
            isChanged = true;
        }
        lastUses.remove(path);
    }

    /** Notes when {@code route} was last used, if it is here and that is news. */
    void touch(Route route) {
        String path = route.path();
        long lastMillis = route.activity().lastMillis();
        Long known = lastUses.get(path);
        if (known != null && known != lastMillis) {
            Long replaced = activity.put(path, lastMillis);
            if (replaced != null) {
                sum -= sumOf(path, replaced);
            }
            sum += sumOf(path, lastMillis);
            lastUses.put(path, lastMillis);
            isChanged = true;
        }
    }

    /** Has all that was done since the last time survive whatever happens. */
    void commit() throws IOException {
        try {
            if (isChanged) {
                write();
                compaction.step();
            }
            checkPlace();
        } catch (RuntimeException | IOException e) {
            throw new IOException("writing the routes failed", e);
        }
    }

    private void write() {
        journal.put(SUM_KEY, Long.toHexString(sum));
        store.commit();
        store.sync();
        isChanged = false;
    }

    private void checkPlace() throws IOException {
        // Writing to a file that somebody has deleted works, and is good for nothing.
        if (!Objects.equals(key, JournalDirectory.key(path))) {
            throw new FileNotFoundException("it was removed or replaced");
        }
    }

    /** Commits, and gives the file up. */
    void close() throws IOException {
        commit();
        try {
            store.close();
        } catch (RuntimeException e) {
            throw new IOException("closing failed", e);
        }
    }

    /** Gives the file up as it is. */
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
        crc.update(route.json());
        return mixed(crc.getValue() ^ mixed(route.lastMillis()));
    }

    private static long sumOf(String path, long lastMillis) {
        return mixed(~crc(path).getValue() ^ mixed(lastMillis));
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
