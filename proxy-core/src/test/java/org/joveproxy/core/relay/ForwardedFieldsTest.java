package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.joveproxy.core.codec.PlainHead;
import org.joveproxy.core.config.ForwardedMode;
import org.joveproxy.core.config.TrustedPeers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the upstream hears of who asks; of fields that are read as they pass, as bytes. */
final class ForwardedFieldsTest {
    private static final TrustedPeers TRUSTED = TrustedPeers.of(List.of("10.0.0.0/8", "unix"));
    private static final String BALANCER = "10.0.0.1";
    private static final String STRANGER = "198.51.100.9";

    private static HttpHeaders headers(String... lines) {
        String head = "GET / HTTP/1.1\r\nHost: hub.example.org\r\n" + String.join("\r\n", lines)
                + (lines.length == 0 ? "\r\n" : "\r\n\r\n");
        FullHttpRequest request = PlainHead.readRequest(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1), 8192);
        return Objects.requireNonNull(request).headers();
    }

    private static List<String> heard(ForwardedFields fields, String peer, boolean isTls, boolean ws, String... lines) {
        HttpHeaders headers = headers(lines);
        ClientFacts client = ClientFacts.of(peer.equals("unix") ? null : TrustedPeers.address(peer), isTls, TRUSTED)
                .toldBy(headers, TRUSTED);
        fields.apply(headers, "hub.example.org", client, ws);
        List<String> heard = new ArrayList<>();
        for (Map.Entry<String, String> field : headers.entries()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!name.equals("host")) {
                heard.add(name + ": " + field.getValue());
            }
        }
        return heard;
    }

    private static List<String> heard(ForwardedMode mode, String peer, String... lines) {
        return heard(new ForwardedFields(mode, false), peer, false, false, lines);
    }

    private static final String[] FROM_BALANCER = {
        "X-Forwarded-For: 192.0.2.66, 203.0.113.5, 10.0.0.7",
        "X-Forwarded-Proto: https, http, http",
        "X-Forwarded-Port: 443, 80, 80",
        "X-Forwarded-Host: public.example.org",
        "X-Real-IP: 192.0.2.66",
        "X-Scheme: gopher"
    };

    @Test
    void appendingTrustsEverybody() {
        assertThat(heard(ForwardedMode.APPEND, STRANGER, FROM_BALANCER))
                .containsExactly(
                        "x-forwarded-for: 192.0.2.66, 203.0.113.5, 10.0.0.7,198.51.100.9",
                        "x-forwarded-proto: https, http, http,http",
                        "x-forwarded-port: 443, 80, 80,80",
                        "x-forwarded-host: public.example.org",
                        "x-real-ip: 192.0.2.66",
                        "x-scheme: gopher");
    }

    @ParameterizedTest
    @CsvSource({"REPLACE", "SINGLE"})
    void whatAStrangerSaysIsReplacedByWhatWeKnow(ForwardedMode mode) {
        assertThat(heard(mode, STRANGER, FROM_BALANCER))
                .containsExactlyInAnyOrder(
                        "x-forwarded-for: 198.51.100.9",
                        "x-forwarded-proto: http",
                        "x-forwarded-port: 80",
                        "x-forwarded-host: hub.example.org");
    }

    @Test
    void aStrangerCannotNameAPrefixEither() {
        assertThat(heard(ForwardedMode.REPLACE, STRANGER, "X-Forwarded-Prefix: /x", "X-Forwarded-Ssl: on"))
                .noneMatch(line -> line.startsWith("x-forwarded-prefix") || line.startsWith("x-forwarded-ssl"));
    }

    @Test
    void replacingKeepsWhatATrustedPeerSaysAndAddsItsAddress() {
        assertThat(heard(
                        ForwardedMode.REPLACE,
                        BALANCER,
                        "X-Forwarded-For: 203.0.113.5",
                        "X-Forwarded-Proto: https",
                        "X-Scheme: https"))
                .containsExactlyInAnyOrder(
                        "x-forwarded-for: 203.0.113.5,10.0.0.1",
                        "x-forwarded-proto: https",
                        "x-forwarded-port: 443",
                        "x-forwarded-host: hub.example.org",
                        "x-scheme: https");
    }

    @Test
    void singleTakesTheValuesOfTheHopThatTheClientSpokeTo() {
        assertThat(heard(ForwardedMode.SINGLE, BALANCER, FROM_BALANCER))
                .containsExactlyInAnyOrder(
                        "x-forwarded-for: 203.0.113.5",
                        "x-forwarded-proto: http",
                        "x-forwarded-port: 80",
                        "x-forwarded-host: public.example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "https, https, 443",
        "'https,http', https, 443",
        "wss, https, 443",
        "HTTPS, https, 443",
        "ws, http, 80",
        "x, http, 80"
    })
    void singleNeverPassesAListOfSchemes(String sent, String proto, String port) {
        assertThat(heard(
                        new ForwardedFields(ForwardedMode.SINGLE, false),
                        BALANCER,
                        false,
                        true,
                        "X-Forwarded-For: 203.0.113.5",
                        "X-Forwarded-Proto: " + sent))
                .containsExactlyInAnyOrder(
                        "x-forwarded-for: 203.0.113.5",
                        "x-forwarded-proto: " + proto,
                        "x-forwarded-port: " + port,
                        "x-forwarded-host: hub.example.org");
    }

    @Test
    void anotherWordForTheSchemeCountsWhereTheUsualOneIsMissing() {
        assertThat(heard(ForwardedMode.SINGLE, BALANCER, "X-Scheme: https"))
                .contains("x-forwarded-proto: https", "x-forwarded-for: 10.0.0.1")
                .noneMatch(line -> line.startsWith("x-scheme"));
    }

    @Test
    void ourOwnTlsCountsWhereNobodyHasSpoken() {
        assertThat(heard(new ForwardedFields(ForwardedMode.SINGLE, false), STRANGER, true, true))
                .containsExactlyInAnyOrder(
                        "x-forwarded-for: 198.51.100.9",
                        "x-forwarded-proto: https",
                        "x-forwarded-port: 443",
                        "x-forwarded-host: hub.example.org");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.5 | 203.0.113.5",
                "192.0.2.1, 203.0.113.5 | 203.0.113.5",
                "203.0.113.5:4711, 10.9.9.9 | 203.0.113.5",
                "[2001:DB8:0::7]:443 | 2001:db8::7",
                "2001:db8::7,10.0.0.2 | 2001:db8::7",
                "10.0.0.3, 10.0.0.2 | 10.0.0.3",
                "203.0.113.5, unknown | 10.0.0.1",
                "203.0.113.5, , 10.0.0.2 | 10.0.0.2",
                "example.org | 10.0.0.1",
            })
    void theClientIsTheLastHopThatIsNotTrusted(String chain, String client) {
        ClientFacts facts = ClientFacts.of(TrustedPeers.address(BALANCER), false, TRUSTED)
                .toldBy(headers("X-Forwarded-For: " + chain), TRUSTED);

        assertThat(facts.client()).isEqualTo(client);
        assertThat(facts.address()).isEqualTo(BALANCER);
    }

    @Test
    void severalFieldsAreOneChain() {
        ClientFacts facts = ClientFacts.of(null, false, TRUSTED)
                .toldBy(headers("X-Forwarded-For: 203.0.113.5", "X-Forwarded-For: 10.0.0.2"), TRUSTED);

        assertThat(facts.client()).isEqualTo("203.0.113.5");
        assertThat(facts.address()).isNull();
    }

    @Test
    void aStrangersChainIsNotReadAtAll() {
        ClientFacts facts = ClientFacts.of(TrustedPeers.address(STRANGER), false, TRUSTED)
                .toldBy(headers("X-Forwarded-For: 203.0.113.5"), TRUSTED);

        assertThat(facts.client()).isEqualTo(STRANGER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "APPEND | 198.51.100.9 | for=1;proto=https, for=198.51.100.9;proto=http;host=hub.example.org",
                "REPLACE | 198.51.100.9 | for=198.51.100.9;proto=http;host=hub.example.org",
                "REPLACE | 10.0.0.1 | for=1;proto=https, for=10.0.0.1;proto=http;host=hub.example.org",
                "SINGLE | 2001:db8::1 | for=\"[2001:db8::1]\";proto=http;host=hub.example.org",
                "SINGLE | unix | for=unknown;proto=http;host=hub.example.org",
                "NONE | 198.51.100.9 | for=1;proto=https, for=198.51.100.9;proto=http;host=hub.example.org",
            },
            quoteCharacter = '\'')
    void forwardedSaysTheSame(ForwardedMode mode, String peer, String expected) {
        assertThat(heard(new ForwardedFields(mode, true), peer, false, false, "Forwarded: for=1;proto=https"))
                .filteredOn(line -> line.startsWith("forwarded:"))
                .containsExactly("forwarded: " + expected);
    }

    @Test
    void aHostThatIsNoTokenIsQuoted() {
        HttpHeaders headers = headers();
        ClientFacts client = ClientFacts.of(TrustedPeers.address(STRANGER), false, TRUSTED);

        new ForwardedFields(ForwardedMode.NONE, true).apply(headers, "[::1]:8\"0", client, false);

        assertThat(headers.get("forwarded")).isEqualTo("for=198.51.100.9;proto=http;host=\"[::1]:8\\\"0\"");
    }
}
