package org.joveproxy.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the words of the command line by flag.
 *
 * <p>The grammar is the original's: {@code --flag value} or {@code --flag=value}, where the word behind a flag is its
 * value whatever it looks like. A library for command lines was tried and took as long to load as all the rest of the
 * proxy. Confined to the thread that starts the proxy.
 */
final class ArgumentParser {
    static final String COMMAND = "configurable-http-proxy";
    private static final Flag VERSION = Flag.toggle("-V, --version", "Show the version.");
    private static final Flag HELP = Flag.toggle("-h, --help", "Show this help.");
    private static final Map<String, Flag> BY_NAME =
            Flags.ALL.stream().collect(Collectors.toUnmodifiableMap(Flag::name, flag -> flag));

    private final Map<Flag, String> values = new HashMap<>();
    private final Set<Flag> switches = new HashSet<>();
    private final Map<Flag, List<String>> repeated = new HashMap<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> positional = new ArrayList<>();
    private boolean isVersionAskedFor;
    private boolean isHelpAskedFor;

    private ArgumentParser() {}

    /** What was asked for. */
    sealed interface Wish {
        /** Run with these arguments. */
        record Run(Arguments arguments) implements Wish {}

        /** Print this text and be done. */
        record Print(String text) implements Wish {}
    }

    /**
     * Reads {@code words}. The name of the command itself may stand first: some charts pass it to the image's entry
     * point.
     */
    static Wish parse(List<String> words) throws UsageException {
        Problems problems = new Problems();
        Wish wish = parse(words, problems);
        problems.throwFirst();
        return wish;
    }

    /** As {@link #parse(List)}, of which the words that make no sense are left out and told to {@code problems}. */
    static Wish parse(List<String> words, Problems problems) {
        boolean isNamed = !words.isEmpty() && words.get(0).equals(COMMAND);
        ArgumentParser parser = new ArgumentParser();
        parser.sort(isNamed ? words.subList(1, words.size()) : words, problems);
        return parser.wish(problems);
    }

    private void sort(List<String> words, Problems problems) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                positional.addAll(words.subList(i + 1, words.size()));
                return;
            }
            int equals = word.indexOf('=');
            Flag flag = BY_NAME.get(equals < 0 ? word : word.substring(0, equals));
            if (flag == null || (equals >= 0 && !flag.takesValue())) {
                sortOther(word);
            } else if (!flag.takesValue()) {
                switches.add(flag);
            } else if (equals >= 0) {
                take(flag, word.substring(equals + 1));
            } else if (i + 1 < words.size()) {
                i++;
                take(flag, words.get(i));
            } else {
                problems.add(UsageException.of("error: option '" + flag + "' argument missing"));
            }
        }
    }

    private void sortOther(String word) {
        switch (word) {
            case "-V", "--version" -> isVersionAskedFor = true;
            case "-h", "--help" -> isHelpAskedFor = true;
            default -> (word.length() > 1 && word.startsWith("-") ? unknown : positional).add(word);
        }
    }

    private void take(Flag flag, String value) {
        if (Flags.REPEATABLE.contains(flag)) {
            repeated.computeIfAbsent(flag, first -> new ArrayList<>()).add(value);
        } else {
            values.put(flag, value);
        }
    }

    private Wish wish(Problems problems) {
        if (isVersionAskedFor && problems.isEmpty()) {
            return new Wish.Print(Version.text());
        }
        if (isHelpAskedFor && problems.isEmpty()) {
            return new Wish.Print(help());
        }
        unknown.forEach(word -> problems.add(unknown(word)));
        if (!positional.isEmpty()) {
            problems.add(UsageException.of("error: too many arguments. Expected 0 arguments but got "
                    + positional.size() + ": " + String.join(", ", positional) + "."));
        }
        return new Wish.Run(new Arguments(values, switches, repeated));
    }

    private static UsageException unknown(String word) {
        String message = "error: unknown option '" + word + "'";
        @Nullable String nearest = NearestFlag.to(word);
        return UsageException.of(nearest == null ? message : message + "\n(Did you mean " + nearest + "?)");
    }

    private static String help() {
        List<Flag> flags = new ArrayList<>(Flags.ALL);
        flags.add(VERSION);
        flags.add(HELP);
        return HelpText.of(COMMAND, flags);
    }
}
