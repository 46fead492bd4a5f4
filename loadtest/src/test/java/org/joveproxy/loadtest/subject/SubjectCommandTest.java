package org.joveproxy.loadtest.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SubjectCommandTest {
    @Test
    void aCommandIsNamedByItsFile() {
        SubjectCommand command = SubjectCommand.parse("node_modules/.bin/configurable-http-proxy --log-level debug");
        assertThat(command.name()).isEqualTo("configurable-http-proxy");
        assertThat(command.words())
                .containsExactly("node_modules/.bin/configurable-http-proxy", "--log-level", "debug");
    }

    @Test
    void aNameMayStandBeforeIt() {
        SubjectCommand command = SubjectCommand.parse("chp-5.3.0=/opt/chp --log-level=debug");
        assertThat(command.name()).isEqualTo("chp-5.3.0");
        assertThat(command.words()).containsExactly("/opt/chp", "--log-level=debug");
    }

    @Test
    void anEqualsSignInAnArgumentNamesNothing() {
        assertThat(SubjectCommand.parse("/opt/chp --log-level=debug").name()).isEqualTo("chp");
    }

    @Test
    void quotesWorkAsInAShell() {
        assertThat(SubjectCommand.parse("run 'a b' \"c \\\"d\\\"\" e\\ f ''").words())
                .containsExactly("run", "a b", "c \"d\"", "e f", "");
    }

    @Test
    void refusesWhatIsNoCommand() {
        assertThatThrownBy(() -> SubjectCommand.parse("  ")).hasMessageContaining("expected: command or name=command");
        assertThatThrownBy(() -> SubjectCommand.parse("x=")).hasMessageContaining("expected: command or name=command");
        assertThatThrownBy(() -> SubjectCommand.parse("run 'a"))
                .hasMessageContaining("expected: an end to the quote '");
    }
}
