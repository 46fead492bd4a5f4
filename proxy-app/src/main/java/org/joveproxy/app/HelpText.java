package org.joveproxy.app;

import java.util.List;

/**
 * The text of {@code --help}: every flag with its meaning, in two columns.
 *
 * <p>Any thread may call it.
 */
final class HelpText {
    private static final int WIDTH = 100;
    private static final int GAP = 2;

    private HelpText() {}

    /** The help for {@code command}, whose flags are {@code flags}. */
    static String of(String command, List<Flag> flags) {
        int column = GAP
                + GAP
                + flags.stream()
                        .mapToInt(flag -> flag.toString().length())
                        .max()
                        .orElse(0);
        StringBuilder text = new StringBuilder("Usage: " + command + " [options]\n\nOptions:\n");
        for (Flag flag : flags) {
            StringBuilder line = new StringBuilder(" ".repeat(GAP) + flag);
            line.append(" ".repeat(column - line.length()));
            for (String word : flag.description().split(" ", -1)) {
                if (line.length() + word.length() > WIDTH) {
                    text.append(line.toString().stripTrailing()).append('\n');
                    line = new StringBuilder(" ".repeat(column));
                }
                line.append(word).append(' ');
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString().stripTrailing();
    }
}
