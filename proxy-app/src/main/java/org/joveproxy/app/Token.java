package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a token that is in a variable of the environment, or in a file that another variable names.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class Token {
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+$");
    private static final Pattern USABLE = Pattern.compile("[\\x21-\\x7e]*");

    private Token() {}

    /** The token, or an empty text when neither variable is set. */
    static String read(Map<String, String> environment, String variable, String fileVariable) throws UsageException {
        String token = environment.getOrDefault(variable, "");
        String file = environment.getOrDefault(fileVariable, "");
        if (!token.isEmpty() && !file.isEmpty()) {
            throw UsageException.of(
                    "error: both " + variable + " and " + fileVariable + " are set (expected: one of them)");
        }
        return file.isEmpty() ? token : in(file, fileVariable);
    }

    private static String in(String file, String variable) throws UsageException {
        try {
            return LINE_ENDS.matcher(Files.readString(Path.of(file))).replaceFirst("");
        } catch (IOException | InvalidPathException e) {
            throw UsageException.of("error: " + variable + " names a file that cannot be read: " + e.getMessage());
        }
    }

    /** Whether {@code token} can be sent in a header. */
    static boolean canBeSent(String token) {
        return USABLE.matcher(token).matches();
    }
}
