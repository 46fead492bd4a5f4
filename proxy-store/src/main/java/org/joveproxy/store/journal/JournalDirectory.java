package org.joveproxy.store.journal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory with the file of routes, and the claim that this process alone writes there.
 *
 * <p>Confined to one thread at a time.
 */
final class JournalDirectory implements AutoCloseable {
    private static final String FILE = "routes.mv";
    private static final String UNREADABLE = FILE + ".unreadable-";
    private static final int UNREADABLE_KEPT = 3;
    // A start that ended while the file was read may have been killed by chance; three in a row were killed by the
    // file.
    private static final int FATAL_READINGS = 3;
    private static final long LOOK_AGAIN_NANOS = 50_000_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path directory;
    private @Nullable FileChannel claim;
    private @Nullable Object claimedKey;
    private int readings;

    JournalDirectory(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** Where the routes are. */
    Path file() {
        return directory.resolve(FILE);
    }

    /** Where a new file is written before it takes the place of {@link #file}. */
    Path newFile() {
        return directory.resolve(FILE + ".new");
    }

    private Path claimFile() {
        return directory.resolve("routes.lock");
    }

    /**
     * Makes the directory if there is none, and claims it.
     *
     * @param patienceNanos how long to wait for another process to end
     * @throws FileInUseException when another process has it
     */
    void claim(long patienceNanos) throws IOException {
        if (claim != null && Objects.equals(claimedKey, key(claimFile()))) {
            return;
        }
        close();
        makeDirectory();
        long end = System.nanoTime() + patienceNanos;
        while (!tryClaim()) {
            if (System.nanoTime() - end >= 0) {
                throw new FileInUseException(file(), holder());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void makeDirectory() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, permissions("rwx------"));
        }
    }

    private boolean tryClaim() throws IOException {
        FileChannel channel = FileChannel.open(
                claimFile(),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                permissions("rw-------"));
        boolean isOurs = false;
        try {
            // Held until the channel closes, so nobody needs the lock itself.
            FileLock lock = channel.tryLock();
            isOurs = lock != null;
        } catch (OverlappingFileLockException e) {
            isOurs = false;
        } finally {
            if (!isOurs) {
                channel.close();
            }
        }
        if (isOurs) {
            claim = channel;
            claimedKey = key(claimFile());
            readings = readingsIn(read(channel));
            note();
        }
        return isOurs;
    }

    private String holder() {
        try (FileChannel channel = FileChannel.open(claimFile(), StandardOpenOption.READ)) {
            String pid = read(channel).lines().findFirst().orElse("");
            return pid;
        } catch (IOException e) {
            return "";
        }
    }

    /** Notes in the directory that the file is about to be read, in case that ends this process. */
    void readingBegins() {
        readings++;
        note();
    }

    /** Notes that the file has been read. */
    void readingEnded() {
        readings = 0;
        note();
    }

    /** Whether the last processes that began to read the file all ended before they had. */
    boolean isFatal() {
        return readings >= FATAL_READINGS;
    }

    private void note() {
        if (claim != null) {
            byte[] text = (ProcessHandle.current().pid() + "\n" + readings + "\n").getBytes(StandardCharsets.UTF_8);
            try {
                claim.truncate(0);
                claim.write(ByteBuffer.wrap(text), 0);
            } catch (IOException e) {
                // Only for people and for the worst case: a full disk keeps no routes either, and that is told.
            }
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(64);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    }

    private static int readingsIn(String note) {
        List<String> lines = note.lines().toList();
        try {
            return lines.size() < 2 ? 0 : Integer.parseInt(lines.get(1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Makes an empty new file that only this user may read. */
    void makeNewFile() throws IOException {
        dropNewFile();
        Files.createFile(newFile(), permissions("rw-------"));
    }

    /** Makes the new file a copy of the old one. */
    void copyToNewFile() throws IOException {
        makeNewFile();
        try (OutputStream out = Files.newOutputStream(newFile())) {
            Files.copy(file(), out);
        }
    }

    /** Deletes the new file, if there is one and that is possible. */
    void dropNewFile() {
        try {
            Files.deleteIfExists(newFile());
        } catch (IOException e) {
            // Making the next one fails then, and that is told.
        }
    }

    /** Has the new file take the place of the old one. */
    void newFileIsComplete() throws IOException {
        Files.move(newFile(), file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Renames the file so that nobody reads it again, and forgets the oldest of those that were renamed before. */
    Path setAside(long epochMillis) throws IOException {
        Path aside = unusedName(epochMillis);
        Files.move(file(), aside, StandardCopyOption.ATOMIC_MOVE);
        List<Path> older = unreadable();
        for (Path path : older.subList(0, Math.max(0, older.size() - UNREADABLE_KEPT))) {
            deleteAll(path);
        }
        return aside;
    }

    private Path unusedName(long epochMillis) {
        long millis = epochMillis;
        Path path;
        do {
            path = directory.resolve(UNREADABLE + TIME.format(Instant.ofEpochMilli(millis)));
            millis++;
        } while (Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        return path;
    }

    private List<Path> unreadable() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.getFileName().toString().startsWith(UNREADABLE))
                    .sorted()
                    .toList();
        }
    }

    private static void deleteAll(Path path) throws IOException {
        try (Stream<Path> below = Files.walk(path)) {
            for (Path each : below.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** What tells the file at {@code path} from any that takes its place; null when there is none. */
    static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static FileAttribute<?> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /** Gives up the claim. */
    @Override
    public void close() {
        if (claim != null) {
            try {
                claim.close();
            } catch (IOException e) {
                // Closing gives up the lock in any case.
            }
            claim = null;
            claimedKey = null;
        }
    }
}
