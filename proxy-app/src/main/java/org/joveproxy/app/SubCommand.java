package org.joveproxy.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words behind the name of a sub-command, sorted.
 *
 * <p>Immutable.
 *
 * @param values the last value of each option that takes one
 * @param switches the options without a value that were given
 * @param others the words that are no options
 */
record SubCommand(Map<String, String> values, Set<String> switches, List<String> others) {
    SubCommand {
        values = Map.copyOf(values);
        switches = Set.copyOf(switches);
        others = List.copyOf(others);
    }

    /**
     * Sorts {@code words}.
     *
     * @param valued the options that take a value, behind an equals sign or as the next word
     * @param unvalued those that take none
     */
    static SubCommand parse(List<String> words, Set<String> valued, Set<String> unvalued) throws UsageException {
        Map<String, String> values = new HashMap<>();
        Set<String> switches = new HashSet<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
            if (unvalued.contains(word)) {
                switches.add(word);
            } else if (!word.startsWith("-")) {
                others.add(word);
            } else if (!valued.contains(name)) {
                throw UsageException.of("error: unknown option '" + word + "'");
            } else if (name.length() < word.length()) {
                values.put(name, word.substring(equals + 1));
            } else if (i + 1 < words.size()) {
                i++;
                values.put(name, words.get(i));
            } else {
                throw UsageException.of("error: option '" + word + "' argument missing");
            }
        }
        return new SubCommand(values, switches, others);
    }

    /** The value of {@code --timeout}. */
    int timeoutMillis(int otherwise) throws UsageException {
        String text = values.getOrDefault("--timeout", Integer.toString(otherwise));
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw UsageException.of(
                    "error: option '--timeout <n>' value '" + text + "' is invalid (expected: milliseconds)");
        }
        return Integer.parseInt(text);
    }
}
