package org.joveproxy.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Where the routes are kept on this machine, as an operator has said it.
 *
 * <p>Immutable.
 *
 * @param path the directory, which need not exist, or null when routes are kept in memory only
 * @param notices what to tell the operator about it
 */
record StateDirectory(@Nullable Path path, List<Settings.Notice> notices) {
    static final StateDirectory NONE = new StateDirectory(null, List.of());

    /** The memory that containers of one pod share, and that outlives each of them. */
    static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final String NO_DIRECTORY = "none";
    private static final String AUTOMATIC = "auto";
    private static final String NAME = "jove";

    StateDirectory {
        notices = List.copyOf(notices);
    }

    /**
     * What {@code word} means.
     *
     * @param given where the word comes from, for messages
     * @param sharedMemory what {@code auto} looks at
     */
    static StateDirectory of(String word, String given, Path sharedMemory) throws UsageException {
        if (word.equals(NO_DIRECTORY)) {
            return NONE;
        }
        return word.equals(AUTOMATIC) ? automatic(sharedMemory) : named(word, given);
    }

    private static StateDirectory automatic(Path sharedMemory) {
        if (Files.isDirectory(sharedMemory) && Files.isWritable(sharedMemory)) {
            return new StateDirectory(sharedMemory.resolve(NAME), List.of());
        }
        String text = "Routes are kept in memory only: " + sharedMemory + " cannot be written to.";
        return new StateDirectory(null, List.of(new Settings.Notice(Level.WARN, text)));
    }

    private static StateDirectory named(String word, String given) throws UsageException {
        Path path = word.isBlank() ? null : Path.of(word);
        if (path == null || (Files.exists(path) && !Files.isDirectory(path))) {
            throw UsageException.of("error: " + given + " '" + word
                    + "' is invalid (expected: a directory, which need not exist yet, or none or auto)");
        }
        return new StateDirectory(path.toAbsolutePath().normalize(), List.of());
    }
}
