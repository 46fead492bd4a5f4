package org.joveproxy.loadtest.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubjectLogTest {
    private final SubjectLog log = new SubjectLog(Path.of("unused"));

    @Test
    void countsLinesByLevel() {
        log.add("04:35:10.123 [ConfigProxy] info: 201 POST /api/routes/u ");
        log.add("04:35:10.123 [ConfigProxy] debug: PROXY HTTP /u to http://127.0.0.1:1");
        log.add("04:35:10.124 [ConfigProxy] warn: something odd");
        log.add("04:35:10.125 [ConfigProxy] \u001b[31merror\u001b[39m: 503 GET /u connect ECONNREFUSED 127.0.0.1:9");
        log.add("2026-01-01T00:00:00 ERROR another format");
        log.add("    at a line of a stack");

        assertThat(log.count()).isEqualTo(new LogCount(2, 1, 2, 0, 1));
        assertThat(log.count().aboveInfo()).isEqualTo(3);
    }

    @Test
    void anInfoLineThatSpeaksOfAnErrorIsNoError() {
        log.add("04:35:10.123 [ConfigProxy] info: 200 GET /ERROR");
        assertThat(log.count()).isEqualTo(new LogCount(1, 0, 0, 0, 0));
    }

    @Test
    void exceptionsThatNobodyCaughtAreCountedWhateverTheLevel() {
        log.add("04:35:10.123 [ConfigProxy] error: Uncaught Exception: write EPIPE");
        log.add("Exception in thread \"main\" java.lang.IllegalStateException");
        assertThat(log.count().uncaught()).isEqualTo(2);
    }

    @Test
    void linesThatDifferInNumbersAreOfOneKind() {
        log.add("1 [ConfigProxy] error: 503 GET /u/1");
        Map<String, Integer> earlier = log.kinds();
        log.add("2 [ConfigProxy] error: 503 GET /u/2");
        log.add("3 [ConfigProxy] error: 503 GET /u/33");
        log.add("4 [ConfigProxy] warn: other");

        assertThat(log.kindsSince(earlier, 5)).containsExactly("2 x error: N GET /u/N", "1 x warn: other");
        assertThat(log.kindsSince(earlier, 1)).hasSize(1);
    }

    @Test
    void countsSinceAnEarlierMoment() {
        log.add("1 [ConfigProxy] error: x");
        LogCount earlier = log.count();
        log.add("1 [ConfigProxy] warn: y");
        assertThat(log.count().since(earlier)).isEqualTo(new LogCount(0, 1, 0, 0, 0));
    }
}
