package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.joveproxy.api.ApiUnderTest.request;

import java.io.IOException;
import org.joveproxy.core.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class LogLevelIT {
    @RegisterExtension
    final ApiUnderTest api = ApiUnderTest.withDefaults();

    @Test
    void theLevelCanBeRead() throws IOException {
        RawClient client = api.client().send(request("GET", "/api/log-level"));

        assertThat(client.readMessage())
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: application/json\r\n")
                .endsWith("{\"level\":\"info\"}\n");
    }

    @ParameterizedTest
    @CsvSource({"debug, DEBUG", "info, INFO", "warn, WARN", "error, ERROR"})
    void theLevelCanBeChanged(String word, Level level) throws IOException {
        RawClient client = api.client().send(request("PUT", "/api/log-level/", "{\"level\": \"" + word + "\"}"));

        assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("{\"level\":\"" + word + "\"}\n");
        assertThat(api.logLevel.get()).isEqualTo(level);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"level\":\"loud\"}", "{\"level\":3}", "{}", "\"debug\"", "debug"})
    void whatIsNoLevelIsRefused(String body) throws IOException {
        RawClient client = api.client().send(request("PUT", "/api/log-level", body));

        assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ");
        assertThat(api.logLevel.get()).isEqualTo(Level.INFO);
    }

    @Test
    void withoutTheTokenNothingIsToldOrChanged() throws IOException {
        for (String method : new String[] {"GET", "PUT"}) {
            RawClient client = api.client()
                    .send(request(method, "/api/log-level", "{\"level\":\"debug\"}")
                            .replace(ApiUnderTest.TOKEN, "wrong"));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(api.logLevel.get()).isEqualTo(Level.INFO);
    }

    @Test
    void noOtherMethodIsSupported() throws IOException {
        RawClient client = api.client().send(request("POST", "/api/log-level", "{\"level\":\"debug\"}"));

        assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: GET, PUT\r\n");
    }
}
