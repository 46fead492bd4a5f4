package org.joveproxy.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.joveproxy.loadtest.subject.SubjectCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommonOptionsTest {
    private static CommonOptions read(String... arguments) {
        CommonOptions options = new CommonOptions();
        CommandLine command = new CommandLine(new Word());
        command.addMixin("common", options);
        command.parseArgs(arguments);
        return options;
    }

    @Command
    private static final class Word {}

    @Test
    void withoutASubjectItIsThisJove() {
        assertThat(read().subjects("/home"))
                .containsExactly(SubjectCommand.parse("jove=/home/bin/configurable-http-proxy"));
    }

    @Test
    void subjectsOfTheSameNameCanBeToldApart() {
        assertThat(read("--against", "a/chp", "--against", "b/chp", "--against", "chp=c")
                        .subjects("/home"))
                .extracting(SubjectCommand::name)
                .containsExactly("chp", "chp-2", "chp-3");
    }

    @Test
    void flagsAndEnvironmentReachTheSubject() {
        var options = read("--flag=--log-level=debug", "--env", "NODE_OPTIONS=--max-old-space-size=64")
                .subjectOptions();
        assertThat(options.flags()).containsExactly("--log-level=debug");
        assertThat(options.environment()).isEqualTo(Map.of("NODE_OPTIONS", "--max-old-space-size=64"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ip=0.0.0.0", "--port", "--api-ip", "--default-target=http://example.org", "--socket=/x"})
    void addressesAreTheToolsOwn(String flag) {
        assertThatThrownBy(() -> read("--flag=" + flag).subjectOptions())
                .hasMessageContaining("expected: no addresses");
        assertThatThrownBy(() -> read("--against", "chp " + flag).subjects("/home"))
                .hasMessageContaining("expected: no addresses");
    }

    @ParameterizedTest
    @CsvSource({"320m,335544320", "1g,1073741824", "64Mi,67108864", "2048k,2097152", "1048576,1048576", "'',0"})
    void sizes(String size, long bytes) {
        assertThat(CommonOptions.bytes(size)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"much", "-1m", "1t", "1.5g"})
    void refusesWhatIsNoSize(String size) {
        assertThatThrownBy(() -> CommonOptions.bytes(size)).hasMessageContaining("--memory: " + size);
    }
}
