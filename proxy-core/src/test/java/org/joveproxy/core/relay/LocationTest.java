package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.ForwardingConfig;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected values are what configurable-http-proxy 5.3.0 answers for the target http://back:9000. */
class LocationTest {
    private static String rewritten(
            int status, String location, boolean rewritesHost, @Nullable String scheme, @Nullable String clientHost) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        response.headers().set("Location", location);

        new ResponseForwarding(new ForwardingConfig(
                        ForwardedMode.APPEND, false, true, true, rewritesHost, false, scheme, Map.of()))
                .apply(response, Target.parse("http://back:9000").origin(), clientHost);

        return response.headers().get("Location");
    }

    @ParameterizedTest
    @CsvSource({
        "http://back:9000/x, http://pub.example:8000/x",
        "http://back:9000/x?y#z, http://pub.example:8000/x?y#z",
        "http://BACK:9000/x, http://pub.example:8000/x",
        "https://back:9000/x, https://pub.example:8000/x",
        "http://back:9000, http://pub.example:8000/",
        "//back:9000/x, //back:9000/x",
        "http://other:9000/x, http://other:9000/x",
        "http://back/x, http://back/x",
        "http://back:9001/x, http://back:9001/x",
        "/x, /x",
        "x/y, x/y"
    })
    void theTargetsHostBecomesTheClients(String location, String expected) {
        assertThat(rewritten(302, location, true, null, "pub.example:8000")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 301, 302, 307, 308})
    void theseStatusesAreRewritten(int status) {
        assertThat(rewritten(status, "http://back:9000/x", true, null, "h")).isEqualTo("http://h/x");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 300, 303, 304, 404, 500})
    void otherStatusesAreNot(int status) {
        assertThat(rewritten(status, "http://back:9000/x", true, null, "h")).isEqualTo("http://back:9000/x");
    }

    @ParameterizedTest
    @CsvSource({
        "https, http://back:9000/x, https://back:9000/x",
        "https:, http://back:9000/x, https://back:9000/x",
        "https, http://other/x, http://other/x"
    })
    void theSchemeAloneIsReplaced(String scheme, String location, String expected) {
        assertThat(rewritten(302, location, false, scheme, "pub.example:8000")).isEqualTo(expected);
    }

    @Test
    void bothAreReplacedTogether() {
        assertThat(rewritten(302, "http://back:9000/x", true, "https", "pub.example:8000"))
                .isEqualTo("https://pub.example:8000/x");
    }

    @Test
    void withoutAClientsHostTheTargetsStays() {
        assertThat(rewritten(302, "http://back:9000/x", true, null, null)).isEqualTo("http://back:9000/x");
    }

    @Test
    void nothingIsRewrittenUnasked() {
        assertThat(rewritten(302, "http://back:9000/x", false, null, "h")).isEqualTo("http://back:9000/x");
    }
}
