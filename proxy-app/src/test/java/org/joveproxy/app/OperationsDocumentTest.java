package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.app.ArgumentParser.Wish;
import org.junit.jupiter.api.Test;

/** The table of all flags in {@code docs/operations.md}: defaults as in the help, and examples that the proxy understands. */
final class OperationsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(--[a-z0-9-]+)` \\| ([^|]+) \\| `(--[^`]+)` \\| ([^|]+) \\|$");
    private static final Pattern DEFAULT = Pattern.compile("Default: (.*?)\\.( |$)");

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(DOCUMENT)).results().toList();
    }

    @Test
    void eachFlagHasOneRow() throws IOException {
        assertThat(rows())
                .extracting(row -> row.group(1))
                .containsExactlyElementsOf(Flags.ALL.stream().map(Flag::name).toList());
    }

    @Test
    void theDefaultsAreThoseOfTheHelp() throws IOException {
        List<MatchResult> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            Flag flag = Flags.ALL.get(i);
            Matcher said = DEFAULT.matcher(flag.description());
            String otherwise = flag.takesValue() ? "none" : "off";

            assertThat(rows.get(i).group(2)).as(flag.name()).isEqualTo(said.find() ? said.group(1) : otherwise);
        }
    }

    @Test
    void theProxyUnderstandsEachExample() throws Exception {
        for (MatchResult row : rows()) {
            String example = row.group(3);
            assertThat(example.split("[ =]", 2)[0]).isEqualTo(row.group(1));
            Wish wish = ArgumentParser.parse(List.of(example.split(" ")));

            Problems problems = new Problems();
            ConfigFromArguments.read(((Wish.Run) wish).arguments(), Map.of(), problems);
            assertThat(problems.all()).as(example).isEmpty();
        }
    }
}
