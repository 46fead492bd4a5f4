package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

final class StateDirectoryTest {
    @TempDir
    Path folder;

    private StateDirectory of(String word) throws UsageException {
        return StateDirectory.of(word, "--state-dir", folder);
    }

    @Test
    void noneIsNone() throws UsageException {
        assertThat(of("none")).isEqualTo(StateDirectory.NONE);
    }

    @Test
    void aDirectoryIsItself() throws UsageException {
        assertThat(of(folder.toString()).path()).isEqualTo(folder);
        assertThat(of(folder.resolve("x/../y").toString()).path()).isEqualTo(folder.resolve("y"));
        assertThat(of("relative").path()).isEqualTo(Path.of("relative").toAbsolutePath());
    }

    @Test
    void autoIsADirectoryInSharedMemory() throws UsageException {
        assertThat(of("auto").path()).isEqualTo(folder.resolve("jove"));
        assertThat(of("auto").notices()).isEmpty();
    }

    @Test
    void withoutSharedMemoryAutoIsNoneAndToldSo() throws UsageException {
        StateDirectory directory = StateDirectory.of("auto", "--state-dir", folder.resolve("absent"));

        assertThat(directory.path()).isNull();
        assertThat(directory.notices())
                .containsExactly(new Settings.Notice(
                        Level.WARN,
                        "Routes are kept in memory only: " + folder.resolve("absent") + " cannot be written to."));
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> of(file.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage("error: --state-dir '" + file
                        + "' is invalid (expected: a directory, which need not exist yet, or none or auto)");
    }
}
