package org.joveproxy.core.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * Collects the stack traces that are logged: whatever peers do, there is to be none. Any thread may call any method.
 */
final class BugLog extends AppenderBase<ILoggingEvent> {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Queue<String> bugs = new ConcurrentLinkedQueue<>();

    @Override
    public void start() {
        super.start();
        root.addAppender(this);
    }

    @Override
    public void stop() {
        root.detachAppender(this);
        super.stop();
    }

    /** One line for each. */
    Queue<String> bugs() {
        return bugs;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getThrowableProxy() != null && event.getLevel().isGreaterOrEqual(Level.WARN)) {
            bugs.add(event.getLoggerName() + ": " + event.getFormattedMessage());
        }
    }
}
