package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthorizationTest {
    private final TokenAuthorization authorization = new TokenAuthorization(() -> List.of("s3cret"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token s3cret",
                "token   s3cret",
                "token\ts3cret",
                "token s3cret and more",
                "Bearer token s3cret",
                "xtoken s3cret",
                "Bearer s3cret",
                "bearer  s3cret",
            })
    void theTokenPasses(String header) {
        assertThat(authorization.permits(header)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "token",
                "token ",
                "token s3cre",
                "token s3crets",
                "token S3CRET",
                "TOKEN s3cret",
                "s3cret",
                "tokens3cret",
                "Basic s3cret",
                "Bearer s3cre",
                "token wrong token s3cret",
            })
    void anythingElseDoesNot(String header) {
        assertThat(authorization.permits(header)).isFalse();
    }

    @Test
    void withoutATokenEverybodyPasses() {
        TokenAuthorization open = new TokenAuthorization(List::of);

        assertThat(open.permits(null)).isTrue();
        assertThat(open.permits("token any")).isTrue();
    }

    @Test
    void aTokenIsComparedOctetByOctet() {
        // What the octets of "ü" in UTF-8 look like when each is read as one character.
        assertThat(new TokenAuthorization(() -> List.of("\u00fc")).permits("token \u00c3\u00bc"))
                .isTrue();
    }

    @Test
    void aHeaderFullOfSpacesTakesNoTime() {
        assertThat(authorization.permits(("token" + " ".repeat(1000)).repeat(16)))
                .isFalse();
        assertThat(authorization.permits("token" + " ".repeat(16_000))).isFalse();
    }

    @Test
    void eachOfTwoTokensIsGood() {
        TokenAuthorization two = new TokenAuthorization(() -> List.of("new", "old"));

        assertThat(two.permits("token new")).isTrue();
        assertThat(two.permits("token old")).isTrue();
        assertThat(two.permits("token other")).isFalse();
        assertThat(two.permits("token newold")).isFalse();
    }

    @Test
    void aTokenIsGoodForAsLongAsItIsThere() {
        AtomicReference<List<String>> tokens = new AtomicReference<>(List.of("old"));
        TokenAuthorization changing = new TokenAuthorization(tokens::get);

        tokens.set(List.of("new"));

        assertThat(changing.permits("token new")).isTrue();
        assertThat(changing.permits("token old")).isFalse();
    }
}
