package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Which loggers write at which level. */
final class LogSetupTest {
    @AfterEach
    void backToTheDefault() {
        LogSetup.setLevel(Level.INFO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.joveproxy.app.Application", "ConfigProxy"})
    void ourOwnLoggersFollowTheLevel(String name) {
        Logger logger = LoggerFactory.getLogger(name);
        assertThat(logger.isInfoEnabled()).isTrue();
        assertThat(logger.isDebugEnabled()).isFalse();

        LogSetup.setLevel(Level.DEBUG);
        assertThat(logger.isDebugEnabled()).isTrue();

        LogSetup.setLevel(Level.ERROR);
        assertThat(logger.isWarnEnabled()).isFalse();
        assertThat(logger.isErrorEnabled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEBUG", "INFO", "WARN"})
    void librariesWriteWarningsOnly(String level) {
        LogSetup.setLevel(Level.valueOf(level));

        Logger library = LoggerFactory.getLogger("io.netty");
        assertThat(library.isWarnEnabled()).isTrue();
        assertThat(library.isInfoEnabled()).isFalse();
    }
}
