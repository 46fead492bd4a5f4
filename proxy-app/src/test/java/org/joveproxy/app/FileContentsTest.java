package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class FileContentsTest {
    @TempDir
    Path folder;

    @Test
    void anOverwrittenFileIsSeenAlthoughItsSizeAndTimeAreTheSame() throws IOException {
        Path file = Files.writeString(folder.resolve("tls.key"), "one");
        FileTime time = Files.getLastModifiedTime(file);
        FileContents before = FileContents.of(List.of(file));

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);

        assertThat(FileContents.of(List.of(file))).isNotEqualTo(before);
    }

    @Test
    void aTouchedFileHoldsTheSame() throws IOException {
        Path file = Files.writeString(folder.resolve("tls.key"), "one");
        FileContents before = FileContents.of(List.of(file));

        Files.setLastModifiedTime(file, FileTime.from(1, TimeUnit.DAYS));

        assertThat(FileContents.of(List.of(file))).isEqualTo(before);
    }

    @Test
    void aRenamingIsSeen() throws IOException {
        Path file = Files.writeString(folder.resolve("tls.key"), "one");
        FileContents before = FileContents.of(List.of(file));

        Files.move(
                Files.writeString(folder.resolve("fresh"), "two"),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(FileContents.of(List.of(file))).isNotEqualTo(before);
    }

    @Test
    void aFileThatIsGoneIsNotWhatItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("tls.key"), "");
        FileContents before = FileContents.of(List.of(file));

        Files.delete(file);

        assertThat(FileContents.of(List.of(file))).isNotEqualTo(before);
    }

    @Test
    @Timeout(30)
    void aPipeIsNotRead() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(FileContents.of(List.of(pipe))).isEqualTo(FileContents.of(List.of(pipe)));
    }
}
