package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RequestTargetTest {
    private static final Pattern OCTET = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final Pattern CHARACTER = Pattern.compile("\\\\u\\{([0-9a-f]+)}");
    private static final String ERROR = "!";

    /** One row of request-targets.tsv, with Jove's own columns filled in. */
    private record Row(String received, String routedBy, String forwarded) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            String routedBy = cells.length < 5 || cells[3].equals("=") ? cells[1] : cells[3];
            String forwarded = cells.length < 5 || cells[4].equals("=") ? cells[2] : cells[4];
            String received = OCTET.matcher(cells[0]).replaceAll(octet -> quoted(octet.group(1)));
            return new Row(received, CHARACTER.matcher(routedBy).replaceAll(c -> quoted(c.group(1))), forwarded);
        }

        private static String quoted(String hex) {
            return Matcher.quoteReplacement(Character.toString(Integer.parseInt(hex, 16)));
        }
    }

    @TestFactory
    List<DynamicTest> isReadAsTheOriginalReadsIt() throws IOException {
        List<Row> rows = rows();

        assertThat(rows).hasSizeGreaterThan(150);
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest("<" + row.received() + ">", () -> check(row)))
                .toList();
    }

    private static void check(Row row) throws MalformedPathException {
        if (row.routedBy().equals(ERROR)) {
            assertThatThrownBy(() -> RequestTarget.parse(row.received())).isInstanceOf(MalformedPathException.class);
            return;
        }

        RequestTarget target = RequestTarget.parse(row.received());

        assertThat(target.decodedPath()).isEqualTo(row.routedBy());
        String query = target.query() == null ? "" : "?" + target.query();
        assertThat(target.path() + query).isEqualTo(row.forwarded());
    }

    private static List<Row> rows() throws IOException {
        try (InputStream table = RequestTargetTest.class.getResourceAsStream("request-targets.tsv")) {
            assertThat(table).isNotNull();
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isEmpty())
                    .map(Row::of)
                    .toList();
        }
    }

    @Test
    void anOrdinaryTargetIsTakenAsItIs() throws MalformedPathException {
        String received = "/user/zoe/lab";

        RequestTarget target = RequestTarget.parse(received);

        assertThat(target.path()).isSameAs(received);
        assertThat(target.decodedPath()).isSameAs(received);
        assertThat(target.query()).isNull();
    }

    @Test
    void aMalformedPathSaysWhatWasExpected() {
        assertThatThrownBy(() -> RequestTarget.parse("/a%2"))
                .hasMessage("path: /a%2 (expected: two hexadecimal digits after each %)")
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
        assertThatThrownBy(() -> RequestTarget.parse("/a%ff"))
                .hasMessage("path: /a%ff (expected: escapes of well-formed UTF-8)");
    }
}
