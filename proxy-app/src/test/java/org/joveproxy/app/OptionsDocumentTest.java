package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/options.md} list the flags of {@code --help}, no more and no less. */
final class OptionsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "options.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(-[^`]+)` \\| (.*) \\|$");
    private static final Pattern HELP_LINE = Pattern.compile("(?m)^  (-\\S.*?)  +\\S.*$");

    @Test
    void theTablesListTheFlagsOfTheHelp() throws IOException, UsageException {
        String help = ((ArgumentParser.Wish.Print) ArgumentParser.parse(List.of("--help"))).text();

        assertThat(firstCells(ROW, Files.readString(DOCUMENT)))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(firstCells(HELP_LINE, help));
    }

    @Test
    void theTablesSayWhatTheHelpSays() throws IOException {
        List<MatchResult> rows =
                ROW.matcher(Files.readString(DOCUMENT)).results().toList();

        for (Flag flag : Flags.ALL) {
            assertThat(rows)
                    .filteredOn(row -> row.group(1).equals(flag.toString()))
                    .extracting(row -> row.group(2))
                    .as(flag.name())
                    .containsExactly(flag.description());
        }
    }

    private static List<String> firstCells(Pattern line, String text) {
        return line.matcher(text).results().map(row -> row.group(1)).toList();
    }
}
