package org.joveproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.joveproxy.core.observe.Reloadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretTest {
    @TempDir
    Path folder;

    private Secret in(Reloadable what, String text) throws IOException, RefusedException {
        return Secret.in(what, write(text).toString());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    private static void readAgain(Secret secret) throws RefusedException {
        String unused = Objects.requireNonNull(secret.watched()).taking().take();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "one\n", "one\r\n", "\none\n\n"})
    void aLineIsAToken(String text) throws Exception {
        assertThat(in(Reloadable.API_TOKEN, text).values()).containsExactly("one");
    }

    @Test
    void twoLinesAreTwoTokens() throws Exception {
        assertThat(in(Reloadable.API_TOKEN, "new\nold\n").values()).containsExactly("new", "old");
        assertThat(in(Reloadable.API_TOKEN, "new\nold\n").value()).isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", " ", "a b", "a\nb\nc", "a\u0007"})
    void whatHoldsNoTokenIsRefused(String text) {
        assertThatThrownBy(() -> in(Reloadable.API_TOKEN, text)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aPasswordIsAllOfTheTextButItsLastLineEnd() throws Exception {
        assertThat(in(Reloadable.STORE_PASSWORD, " with spaces \nand lines\n").value())
                .isEqualTo(" with spaces \nand lines");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reloadable.class,
            names = {"API_TOKEN", "HUB_TOKEN", "STORE_PASSWORD", "SENTINEL_PASSWORD"})
    void whatTheFileHoldsLaterIsTaken(Reloadable what) throws Exception {
        Secret secret = in(what, "old");
        write("new");

        assertThat(secret.value()).isEqualTo("old");
        readAgain(secret);

        assertThat(secret.value()).isEqualTo("new");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reloadable.class,
            names = {"API_TOKEN", "HUB_TOKEN", "STORE_PASSWORD", "SENTINEL_PASSWORD"})
    void anEmptyFileKeepsTheOldSecret(Reloadable what) throws Exception {
        Secret secret = in(what, "old");
        write("");

        assertThatThrownBy(() -> readAgain(secret)).hasMessageEndingWith("secret: empty");

        assertThat(secret.value()).isEqualTo("old");
    }

    @Test
    void aFileThatIsGoneKeepsTheOldSecret() throws Exception {
        Secret secret = in(Reloadable.API_TOKEN, "old");
        Files.delete(folder.resolve("secret"));

        assertThatThrownBy(() -> readAgain(secret)).hasMessageEndingWith("secret: no such file");

        assertThat(secret.values()).containsExactly("old");
    }

    @Test
    void aHugeFileIsNotRead() {
        assertThatThrownBy(() -> in(Reloadable.API_TOKEN, "a".repeat(70_000))).hasMessageContaining("larger than");
    }

    @Test
    void aTokenThatNoHeaderMayHaveKeepsTheOldOne() throws Exception {
        Secret secret = in(Reloadable.HUB_TOKEN, "old");
        write("n\u00e9w");

        assertThatThrownBy(() -> readAgain(secret)).hasMessageContaining("no header may have");

        assertThat(secret.value()).isEqualTo("old");
    }

    @Test
    void whatIsNoFileIsNotWatched() {
        assertThat(Secret.of(Reloadable.API_TOKEN, "one").watched()).isNull();
        assertThat(Secret.of(Reloadable.API_TOKEN, "").value()).isNull();
    }

    @Test
    void itIsNotPrinted() throws Exception {
        assertThat(in(Reloadable.API_TOKEN, "s3cret").toString()).doesNotContain("s3cret");
    }
}
