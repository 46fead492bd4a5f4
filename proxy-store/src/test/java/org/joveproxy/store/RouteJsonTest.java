package org.joveproxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteJsonTest {
    private static final Target TARGET = Target.parse("http://a:1");

    private static String roundTrip(String fields) throws JsonProcessingException {
        String body = "{\"target\":\"http://a:1\"," + fields + "}";
        Route route = Route.of("/x", TARGET, RouteJson.object(RouteJson.parse(body)), 1_795_312_276_219L);
        return RouteJson.write(route)
                .replace("{\"target\":\"http://a:1\",", "")
                .replace(",\"last_activity\":\"2026-11-22T01:51:16.219Z\"}", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"user\":\"zoe\",\"server_name\":\"\",\"jupyterhub\":true",
                "\"n\":null,\"f\":false,\"l\":[1,[],{},\"x\"],\"o\":{\"deep\":{\"er\":[null]}}",
                "\"i\":12345678901234567890123,\"d\":0.1000,\"e\":1E+400,\"z\":0,\"m\":-5",
                "\"\":\"empty name\",\"__proto__\":1,\"constructor\":2",
                "\"s\":\"quote \\\" back \\\\ line \\n tab \\t null \\u0000\"",
                "\"s\":\"秀樹 \uD83D\uDE00\"",
                "\"half\":\"a\\ud800b\",\"other\":\"\\udc00\",\"wrong order\":\"\\udc00\\ud800\"",
            })
    void whatWasSentComesBack(String fields) throws JsonProcessingException {
        assertThat(roundTrip(fields)).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"user\":\"秀 \\\" \\ud800\",\"jupyterhub\":true,\"f\":false,\"n\":null",
                ",\"i\":12345678901234567890123,\"d\":0.1000,\"l\":[1,[],{},\"x\"],\"o\":{\"deep\":[null]},\"z\":0",
            })
    void whatIsStoredComesBackAsItWas(String fields) throws JsonProcessingException {
        String body = "{\"target\":\"http://a:1\"" + fields + "}";
        Route route = Route.of("/x", TARGET, RouteJson.object(RouteJson.parse(body)), 0);

        StoredData stored = new StoredData(RouteJson.writeData(route).getBytes(StandardCharsets.UTF_8));

        Route restored = Route.restored("/x", TARGET, stored, 0, 0);
        assertThat(restored.data()).isEqualTo(route.data());
        assertThat(RouteJson.writeData(restored)).isEqualTo(RouteJson.writeData(route));
        assertThat(RouteJson.dataBytes(restored)).isEqualTo(RouteJson.dataBytes(route));
        assertThat(RouteJson.write(restored)).isEqualTo(RouteJson.write(route));
        assertThat(RouteJson.write(List.of(route, restored))).isEqualTo(RouteJson.write(List.of(restored, route)));
    }

    @Test
    void aFieldOfWhatIsStoredIsFoundByItsName() {
        String json = "{\"target\":\"http://a:1\",\"o\":{\"deep\":1},\"s\":\"name\",\"\\\"\":2,\"n\":null}";
        StoredData data = new StoredData(json.getBytes(StandardCharsets.UTF_8));

        assertThat(data.get("target")).isEqualTo("http://a:1");
        assertThat(data.get("o")).isEqualTo(Map.of("deep", 1));
        assertThat(data.get("\"")).isEqualTo(2);
        assertThat(data.get("n")).isNull();
        for (String absent : List.of("deep", "name", "tar", "jove", "\\", "")) {
            assertThat(data.get(absent)).as(absent).isNull();
        }
    }

    @Test
    void whatIsStoredIsNotReadForAFieldThatItDoesNotHave() {
        StoredData unreadable = new StoredData("{\"a\":".getBytes(StandardCharsets.UTF_8));

        assertThat(unreadable.get("jove")).isNull();
        assertThatThrownBy(() -> unreadable.get("a")).isInstanceOf(UncheckedIOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":", "{\"a\":1,}", "{\"a\":[}"})
    void whatIsNoJsonIsNoData(String json) {
        StoredData data = new StoredData(json.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(data::size).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void escapesComeBackAsCharacters() throws JsonProcessingException {
        assertThat(roundTrip("\"s\":\"\\u79c0\\u6a39\"")).isEqualTo("\"s\":\"秀樹\"");
    }

    @Test
    void theLastOfEqualNamesWins() throws JsonProcessingException {
        assertThat(roundTrip("\"a\":1,\"b\":2,\"a\":3")).isEqualTo("\"a\":3,\"b\":2");
    }

    @Test
    void theLastActivityIsOurs() throws JsonProcessingException {
        assertThat(roundTrip("\"last_activity\":\"2001-01-01\",\"a\":1")).isEqualTo("\"a\":1");
    }

    @Test
    void theTableHasAnObjectForEachPath() {
        String json = RouteJson.write(List.of(Route.of("/", TARGET, 0), Route.of("/user/秀", TARGET, 1)));

        assertThat(json)
                .isEqualTo("{\"/\":{\"target\":\"http://a:1\",\"last_activity\":\"1970-01-01T00:00:00.000Z\"},"
                        + "\"/user/秀\":{\"target\":\"http://a:1\",\"last_activity\":\"1970-01-01T00:00:00.001Z\"}}");
    }

    @Test
    void anEmptyTableIsAnEmptyObject() {
        assertThat(RouteJson.write(List.of())).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "1", "\"x\"", "true", "0", "\"\""})
    void whatIsNoObjectHasNoFields(String body) throws JsonProcessingException {
        assertThat(RouteJson.object(RouteJson.parse(body))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,}",
                "[1,]",
                "{} x",
                "{}{}",
                "NaN",
                "01",
                "+1",
                "1.",
                "nul",
                "\"\n\"",
                "/* */ {}",
                "\uFEFF{}",
                "undefined",
                "\"\\x\""
            })
    void whatIsNoJsonIsRefused(String body) {
        assertThatThrownBy(() -> RouteJson.parse(body)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void nestingIsBounded() throws JsonProcessingException {
        assertThat(roundTrip("\"a\":" + "[".repeat(490) + "]".repeat(490))).hasSize(4 + 980);
        assertThatThrownBy(() -> roundTrip("\"a\":" + "[".repeat(600) + "]".repeat(600)))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aReasonNamesThePlace() {
        assertThatThrownBy(() -> RouteJson.parse("{\"a\":1,\n!}"))
                .isInstanceOfSatisfying(
                        JsonProcessingException.class,
                        e -> assertThat(RouteJson.reason(e))
                                .endsWith("(line 2, column 1)")
                                .doesNotContain("\n"));
    }
}
