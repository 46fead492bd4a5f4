package org.joveproxy.core.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What is logged from now on, until this is closed. Any thread may call any method. */
public final class LoggedLines implements AutoCloseable {
    private final Logger logger;
    private final Queue<String> texts = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            texts.add(event.getFormattedMessage());
        }
    };

    private LoggedLines(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        appender.start();
        logger.addAppender(appender);
    }

    /** Listens to the logger called {@code name} and those below it. */
    public static LoggedLines of(String name) {
        return new LoggedLines(name);
    }

    /** Listens to all loggers. */
    public static LoggedLines ofAll() {
        return new LoggedLines(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** The lines so far in which {@code word} occurs. */
    public List<String> with(String word) {
        return texts.stream().filter(text -> text.contains(word)).toList();
    }

    /** Forgets the lines so far and returns them. */
    public List<String> take() {
        List<String> taken = List.copyOf(texts);
        texts.removeAll(taken);
        return taken;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
    }
}
