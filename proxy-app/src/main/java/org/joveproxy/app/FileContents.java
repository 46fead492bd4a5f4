package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What files held at one moment, to be compared with another moment: a digest of each, or why it could not be read.
 *
 * <p>It is the content that is compared, not the times or the number of a file: that sees an overwriting, a renaming and the
 * exchange of a link anywhere on the way to the file, on every file system, and does not see a file that was only touched.
 *
 * <p>Immutable.
 */
record FileContents(List<String> digests) {
    private static final long MOST_BYTES = 16 << 20;

    /** Copies the list. */
    FileContents {
        digests = List.copyOf(digests);
    }

    /** What {@code files} hold now. Blocks; what is not a regular file, such as a pipe, is not read. */
    static FileContents of(List<Path> files) {
        return new FileContents(files.stream().map(FileContents::digest).toList());
    }

    private static String digest(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return "no regular file";
            }
            if (Files.size(file) > MOST_BYTES) {
                return "too large";
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
