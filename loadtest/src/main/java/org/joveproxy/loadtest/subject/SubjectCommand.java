package org.joveproxy.loadtest.subject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a proxy is started, as {@code --against} says it. Immutable.
 *
 * @param name of the proxy in the report
 * @param words the command and its first arguments
 */
public record SubjectCommand(String name, List<String> words) {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._+-]*)=(.*)", Pattern.DOTALL);

    public SubjectCommand {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("command: empty (expected: command or name=command)");
        }
    }

    /** Reads {@code command} or {@code name=command}. Words are separated by spaces; quotes and backslashes work as in sh. */
    public static SubjectCommand parse(String text) {
        Matcher named = NAMED.matcher(text.strip());
        if (named.matches()) {
            return new SubjectCommand(named.group(1), split(named.group(2)));
        }
        List<String> words = split(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("command: empty (expected: command or name=command)");
        }
        return new SubjectCommand(fileName(words.get(0)), words);
    }

    private static String fileName(String command) {
        Path name = Path.of(command).getFileName();
        return name == null ? command : name.toString();
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
                continue;
            }
            inWord = true;
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("command: " + text + " (expected: an end to the quote " + quote + ")");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
