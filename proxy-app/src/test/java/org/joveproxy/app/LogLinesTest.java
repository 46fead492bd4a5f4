package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogLinesTest {
    private final LoggerContext logback = new LoggerContext();

    @Test
    void aLineIsTheOriginals() {
        assertThat(new LogLines(false).doLayout(event(Level.INFO, "201 POST /api/routes/x ", null)))
                .isEqualTo("2026-11-22T01:51:16.200Z [ConfigProxy] info: 201 POST /api/routes/x \n");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, error, 31", "WARN, warn, 33", "INFO, info, 32", "DEBUG, debug, 34"})
    void levelsAreColouredOnATerminalOnly(String level, String word, int colour) {
        LoggingEvent event = event(Level.toLevel(level), "x", null);

        assertThat(new LogLines(false).doLayout(event)).endsWith(" [ConfigProxy] " + word + ": x\n");
        assertThat(new LogLines(true).doLayout(event))
                .endsWith(" [ConfigProxy] \u001b[" + colour + "m" + word + "\u001b[39m: x\n");
    }

    @Test
    void anOwnBugComesWithItsStack() {
        assertThat(new LogLines(false).doLayout(event(Level.ERROR, "Oh", new IllegalStateException("broken"))))
                .contains("error: Oh\njava.lang.IllegalStateException: broken\n")
                .contains("at org.joveproxy.app.LogLinesTest");
    }

    @Test
    void eachLineHasItsOwnTime() {
        LogLines lines = new LogLines(false);
        for (String time : List.of(
                "2026-11-22T01:51:16.007Z",
                "2026-11-22T01:51:16.999Z",
                "2026-11-22T01:51:17.000Z",
                "2026-11-22T01:51:16.080Z",
                "2026-12-31T23:59:59.123Z",
                "1969-12-31T23:59:59.900Z")) {
            LoggingEvent event = event(Level.INFO, "x", null);
            event.setInstant(Instant.parse(time));

            assertThat(lines.doLayout(event)).isEqualTo(time + " [ConfigProxy] info: x\n");
        }
    }

    private LoggingEvent event(Level level, String message, @Nullable Throwable thrown) {
        LoggingEvent event = new LoggingEvent("", logback.getLogger("x"), level, message, thrown, null);
        event.setInstant(Instant.parse("2026-11-22T01:51:16.200Z"));
        return event;
    }
}
