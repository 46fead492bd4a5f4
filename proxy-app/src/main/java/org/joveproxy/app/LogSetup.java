package org.joveproxy.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.joveproxy.api.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up in code, which starts faster than from a file: lines on standard output, as the original writes them.
 *
 * <p>Logback makes one of these when the first logger is asked for. Any thread may call the static methods.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** Set to {@code true} by the launcher when standard output is a terminal. */
    static final String TERMINAL_PROPERTY = "jove.terminal";

    /** Our own loggers: those of the classes, and the one whose lines others wait for. */
    private static final List<String> OURS = List.of("org.joveproxy", "ConfigProxy");

    private static final int QUEUE_LENGTH = 8192;
    private static final int FLUSH_LIMIT_MILLIS = 1000;

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        LogLines lines = new LogLines(Boolean.getBoolean(TERMINAL_PROPERTY));
        lines.setContext(logback);
        lines.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(logback);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(lines);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(logback);
        console.setEncoder(encoder);
        console.start();

        // Whoever reads our output may stop reading: that must not stop the event loops. They drop lines instead.
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(logback);
        queue.setQueueSize(QUEUE_LENGTH);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_LIMIT_MILLIS);
        queue.addAppender(console);
        queue.start();

        Logger root = logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(queue);
        // It warns of connections that it closes twice itself; what matters the store tells.
        logback.getLogger("io.lettuce").setLevel(Level.ERROR);
        OURS.forEach(name -> logback.getLogger(name).setLevel(Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Lets our own loggers write from {@code level} on; the libraries below stay at warnings. */
    static void setLevel(org.slf4j.event.Level level) {
        OURS.forEach(name -> context().getLogger(name).setLevel(Level.convertAnSLF4JLevel(level)));
        context()
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(level == org.slf4j.event.Level.ERROR ? Level.ERROR : Level.WARN);
    }

    /** The level from which on our own loggers write, and its change while the proxy runs. */
    static LogLevel level() {
        return new LoggerLevel();
    }

    /** Writes what is still queued, for at most a second. Later lines are lost. */
    static void finish() {
        context().stop();
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    /** The level of our own loggers. */
    private static final class LoggerLevel implements LogLevel {
        @Override
        public org.slf4j.event.Level get() {
            Level level = context().getLogger(OURS.get(0)).getEffectiveLevel();
            return org.slf4j.event.Level.valueOf(level.levelStr);
        }

        @Override
        public void set(org.slf4j.event.Level level) {
            org.slf4j.event.Level former = get();
            // Told while the lower of both is in force, or a change to "error" would not be seen.
            boolean isLess = level.toInt() > former.toInt();
            if (isLess) {
                tell(former, level);
            }
            setLevel(level);
            if (!isLess) {
                tell(former, level);
            }
        }

        private static void tell(org.slf4j.event.Level former, org.slf4j.event.Level level) {
            LoggerFactory.getLogger(LogSetup.class).info("The log level was {} and is {}", word(former), word(level));
        }

        private static String word(org.slf4j.event.Level level) {
            return level.name().toLowerCase(Locale.ROOT);
        }
    }
}
