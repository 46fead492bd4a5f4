package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PidFileTest {
    @TempDir
    Path folder;

    @Test
    void theFileHoldsTheIdUntilItIsClosed() throws IOException {
        Path path = folder.resolve("proxy.pid");
        Files.writeString(path, "an old one that is longer");

        PidFile file = PidFile.write(path);
        assertThat(path).hasContent(Long.toString(ProcessHandle.current().pid()));

        file.close();
        assertThat(path).doesNotExist();
    }

    @Test
    void anotherProcessesFileStays() throws IOException {
        Path path = folder.resolve("proxy.pid");
        PidFile file = PidFile.write(path);
        Files.writeString(path, "1");

        file.close();

        assertThat(path).hasContent("1");
    }

    @Test
    void closingTwiceIsHarmless() throws IOException {
        Path path = folder.resolve("proxy.pid");
        PidFile file = PidFile.write(path);

        file.close();
        file.close();

        assertThat(path).doesNotExist();
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        Path path = folder.resolve("absent").resolve("proxy.pid");

        assertThatThrownBy(() -> PidFile.write(path))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write the pid file " + path + ": NoSuchFileException");
    }
}
