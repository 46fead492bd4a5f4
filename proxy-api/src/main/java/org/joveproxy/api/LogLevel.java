package org.joveproxy.api;

import org.slf4j.event.Level;

/**
 * From which level on the proxy's own loggers write, and its change while the proxy runs.
 *
 * <p>Any thread may call any method, event loops included.
 */
public interface LogLevel {
    /** The level in force. */
    Level get();

    /** Has {@code level} in force from now on. */
    void set(Level level);
}
