package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.joveproxy.core.observe.Reloadable;
import org.jspecify.annotations.Nullable;

/**
 * A secret in words: a token or a password, of a variable or of a file that may change.
 *
 * <p>Any thread may call any method. Invariant: once there was a value, there always is one.
 */
final class Secret {
    private static final long MOST_BYTES = 64 << 10;
    private static final int MOST_TOKENS = 2;
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+$");
    private static final Pattern TOKEN = Pattern.compile("[^\\s\\p{Cntrl}]+");
    private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]*");

    private final Reloadable what;
    private final @Nullable Path file;
    private final FileContents initially;
    private volatile List<String> values;

    private Secret(Reloadable what, @Nullable Path file, FileContents initially, List<String> values) {
        this.what = what;
        this.file = file;
        this.initially = initially;
        this.values = values;
    }

    /** One that never changes; empty when {@code text} is. */
    static Secret of(Reloadable what, String text) {
        return new Secret(what, null, FileContents.of(List.of()), text.isEmpty() ? List.of() : List.of(text));
    }

    /**
     * What {@code file} holds. A password is the whole text but for the end of its last line; of tokens there may be two, one
     * a line, while the one takes the other's place.
     *
     * @throws RefusedException when it cannot be read or holds nothing
     */
    static Secret in(Reloadable what, String file) throws RefusedException {
        try {
            Path path = Path.of(file);
            FileContents before = FileContents.of(List.of(path));
            return new Secret(what, path, before, read(what, path));
        } catch (InvalidPathException e) {
            throw new RefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<String> read(Reloadable what, Path file) throws RefusedException {
        String text;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new RefusedException(file + ": larger than " + MOST_BYTES + " bytes (expected: a line or two)");
            }
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new RefusedException(file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new RefusedException(file + ": permission denied (expected: readable by this user)", e);
        } catch (IOException e) {
            throw new RefusedException(file + ": cannot be read: " + e, e);
        }
        boolean isPassword = what == Reloadable.STORE_PASSWORD || what == Reloadable.SENTINEL_PASSWORD;
        List<String> values = isPassword
                ? List.of(LINE_ENDS.matcher(text).replaceFirst(""))
                : text.lines().filter(line -> !line.isBlank()).toList();
        if (values.isEmpty() || values.get(0).isEmpty()) {
            throw new RefusedException(file + ": empty");
        }
        if (!isPassword) {
            checkTokens(file, values);
        }
        return values;
    }

    private static void checkTokens(Path file, List<String> tokens) throws RefusedException {
        if (tokens.size() > MOST_TOKENS) {
            throw new RefusedException(file + ": " + tokens.size() + " lines (expected: a token, or two)");
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (!TOKEN.matcher(tokens.get(i)).matches()) {
                throw new RefusedException(
                        file + ": a space or control character in line " + (i + 1) + " (expected: a token)");
            }
        }
    }

    /** All that are valid now; none when there is no such secret. */
    List<String> values() {
        return values;
    }

    /** The one to show to others, or null when there is no such secret. */
    @Nullable
    String value() {
        List<String> now = values;
        return now.isEmpty() ? null : now.get(0);
    }

    /** Whether {@code token} can be sent in a header. */
    static boolean canBeSent(String token) {
        return SENDABLE.matcher(token).matches();
    }

    /** The file to watch, or null when this never changes. */
    @Nullable
    WatchedFiles watched() {
        return file == null ? null : new WatchedFiles(what, List.of(file), initially, () -> readAgain(file));
    }

    private String readAgain(Path from) throws RefusedException {
        List<String> next = read(what, from);
        if (what == Reloadable.HUB_TOKEN && !canBeSent(next.get(0))) {
            throw new RefusedException(from + ": a character that no header may have");
        }
        values = next;
        return next.size() == 1 ? "one value" : next.size() + " values, each of which is valid";
    }

    /** For people; without the secret. */
    @Override
    public String toString() {
        return what.label() + (values.isEmpty() ? ": none" : ": ***");
    }
}
