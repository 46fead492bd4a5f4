package org.joveproxy.store.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.joveproxy.store.shared.StoreAddress.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAddressTest {
    @ParameterizedTest
    @CsvSource({
        "redis://redis,redis://redis:6379",
        "redis://10.0.0.1:7000/3,redis://10.0.0.1:7000/3",
        "rediss://[::1]:7000/,rediss://[::1]:7000",
        "REDIS://user:pass@redis,redis://redis:6379",
        "'redis-sentinel://a,b:7000/2#hub','redis-sentinel://a:26379,b:7000/2#hub'",
        "redis-sentinel://a,redis-sentinel://a:26379#mymaster",
        "'rediss-cluster://u:p@a,b:7000','rediss-cluster://a:6379,b:7000'",
    })
    void itIsShownWithDefaultsButWithoutThePassword(String url, String shown) {
        assertThat(StoreAddress.parse(url)).hasToString(shown);
    }

    @Test
    void credentialsAreDecoded() {
        StoreAddress address = StoreAddress.parse("redis://us%40er:p%3A%25+:x@redis");

        assertThat(address.username()).isEqualTo("us@er");
        assertThat(address.password()).isEqualTo("p:%+:x");
    }

    @Test
    void aPasswordNeedsNoUser() {
        StoreAddress address = StoreAddress.parse("redis://:s3cret@redis");

        assertThat(address.username()).isNull();
        assertThat(address.password()).isEqualTo("s3cret");
    }

    @Test
    void anotherUserWins() {
        StoreAddress address = StoreAddress.parse("redis://zoe:s3cret@redis");

        assertThat(address.withUsername(null)).isEqualTo(address);
        assertThat(address.withUsername("bob").username()).isEqualTo("bob");
        assertThat(address.withUsername("bob").password()).isEqualTo("s3cret");
        assertThat(address.kind()).isEqualTo(Kind.SERVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "configproxy-redis",
                "http://s3cret@redis",
                "redis://",
                "redis://u:s3cret@",
                "redis://u:s3cret@a:b",
                "redis://u:s3cret@a:0",
                "redis://u:s3cret@a:70000",
                "redis://u:s3cret@a,b",
                "redis://u:s3cret@a/x",
                "redis://u:s3cret@a/99999999",
                "redis://u:s3cret@a?x=y",
                "redis://u:s3cret@a#m",
                "redis-sentinel://u:s3cret@a#",
                "redis-cluster://u:s3cret@a/1",
                "redis://u:s3cret%@a",
                "redis-cluster://u:s3cret@a,,b",
            })
    void whatIsNoSuchUrlIsRefusedWithoutThePassword(String url) {
        assertThatThrownBy(() -> StoreAddress.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ")
                .hasMessageNotContaining("s3cret");
    }
}
