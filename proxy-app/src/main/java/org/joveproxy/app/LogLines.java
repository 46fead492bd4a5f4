package org.joveproxy.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.util.Locale;

/**
 * A log line as the original writes it: {@code 2026-11-22T01:51:16.219Z [ConfigProxy] info: 201 POST /api/routes/x }.
 *
 * <p>Logback calls it from one thread at a time.
 */
final class LogLines extends LayoutBase<ILoggingEvent> {
    private final boolean isColoured;
    private final LogClock clock = new LogClock();

    LogLines(boolean isColoured) {
        this.isColoured = isColoured;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(128);
        clock.append(event.getTimeStamp(), line);
        line.append(" [ConfigProxy] ").append(word(event.getLevel())).append(": ");
        line.append(event.getFormattedMessage()).append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown));
        }
        return line.toString();
    }

    private String word(Level level) {
        String word = level.toString().toLowerCase(Locale.ROOT);
        return isColoured ? "\u001b[" + colour(level) + "m" + word + "\u001b[39m" : word;
    }

    private static int colour(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 31;
            case Level.WARN_INT -> 33;
            case Level.INFO_INT -> 32;
            default -> 34;
        };
    }
}
