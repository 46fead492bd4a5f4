package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    // Asked of Node: new URL(...), its hostname, port, pathname and search.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ' ',
            value = {
                "http://127.0.0.1:8000 127.0.0.1 8000 / -",
                "http://127.0.0.1:8000/ 127.0.0.1 8000 / -",
                "http://hub hub 80 / -",
                "https://hub hub 443 / -",
                "https://hub:80/x/y hub 80 /x/y -",
                "http://hub:/x hub 80 /x -",
                "HTTP://Hub:8081/X hub 8081 /X -",
                "http://jupyter_user-1:8888/user/a%20b jupyter_user-1 8888 /user/a%20b -",
                "http://host/pre?a=b&c host 80 /pre a=b&c",
                "http://host? host 80 / -",
                "http://host?a host 80 / a",
                "http://host/x#y?z host 80 /x -",
                "http://host/a/../b/./c host 80 /b/c -",
                "http://host/a/%2e%2e/b host 80 /b -",
                "http://host//x//y host 80 //x//y -",
                "http://host\\x host 80 /x -",
                "http:host:81/x host 81 /x -",
                "http:/host/x host 80 /x -",
                "http:///host/x host 80 /x -",
                "http://me:secret@host:81/x host 81 /x -",
                "http://a@b@host/x host 80 /x -",
                "http://[::1]:8888/x ::1 8888 /x -",
                "http://[2001:DB8:0:0:0:0:0:1] 2001:db8::1 80 / -",
                "http://[::ffff:1.2.3.4] ::ffff:102:304 80 / -",
                "http://bücher.example xn--bcher-kva.example 80 / -",
                "http://ex%61mple.com example.com 80 / -",
                "http://host./x host. 80 /x -",
                "http://127.1:80 127.0.0.1 80 / -",
                "http://0x7f.0.0.1 127.0.0.1 80 / -",
                "http://2130706433 127.0.0.1 80 / -",
                "http://0177.0.0.1 127.0.0.1 80 / -",
                "http://127.0.0.1. 127.0.0.1 80 / -",
                "http://1.2.3.4.example 1.2.3.4.example 80 / -",
                "` http://host/x ` host 80 /x -",
                "`http://host/a b` host 80 /a%20b -",
                "`http://host/\"<>{}` host 80 /%22%3C%3E%7B%7D -",
                "`http://host/é?é'` host 80 /%C3%A9 %C3%A9%27",
                "http://host/[x]|y host 80 /[x]|y -",
                "`http://ho\nst/x` host 80 /x -",
            })
    void anHttpTargetIsReadAsTheUrlStandardSays(String raw, String host, int port, String path, String query) {
        Target target = Target.parse(raw);

        assertThat(target.isUsable()).isTrue();
        assertThat(target.raw()).isEqualTo(raw);
        assertThat(target.origin().host()).isEqualTo(host);
        assertThat(target.origin().port()).isEqualTo(port);
        assertThat(target.path()).isEqualTo(path);
        assertThat(target.query()).isEqualTo(query.equals("-") ? null : query);
    }

    @ParameterizedTest
    @CsvSource({
        "http+unix://%2Ftmp%2Fhub.sock, /tmp/hub.sock, /",
        "http+unix://%2Ftmp%2Fhub.sock/, /tmp/hub.sock, /",
        "http+unix://%2Ftmp%2FHub.sock/x/y, /tmp/Hub.sock, /x/y",
        "unix+http://%2Ftmp%2Fa%20b/x, /tmp/a b, /x",
        "HTTP+UNIX://%2Ftmp%2Fx, /tmp/x, /",
        "http+unix://%2Ftmp%2F%E7%A7%80:1, /tmp/秀:1, /",
        "http+unix://hub.sock/x, hub.sock, /x",
    })
    void aUnixTargetHasASocketForAHost(String raw, String socket, String path) {
        Target target = Target.parse(raw);

        assertThat(target.origin()).isEqualTo(new Origin(Scheme.UNIX, socket, 0));
        assertThat(target.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "/x",
                "127.0.0.1:8000",
                "localhost:8000",
                "ws://host",
                "ftp://host",
                "file:///x",
                "http://",
                "http:///",
                "http://:80",
                "http://host:65536",
                "http://host:-1",
                "http://host:0",
                "http://host:8x",
                "http://$(HUB_SERVICE_HOST):$(HUB_SERVICE_PORT)",
                "http://hub:$(HUB_SERVICE_PORT)",
                "http://[::1",
                "http://[1.2.3.4]",
                "http://[::1%25eth0]",
                "http://a b",
                "http://a%zz",
                "http://a%2fb",
                "http://a|b",
                "http://1.2.3.4.5",
                "http://256.1.1.1",
                "http://1.2.3.09",
                "http+unix://",
                "http+unix:///tmp/x",
                "http+unix://%zz",
                "http+unix:%2Ftmp",
                "http+unix://%2Ftmp%00x",
            })
    void whatNothingCanBeReachedByIsRefused(String raw) {
        assertThatThrownBy(() -> Target.parse(raw))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("target: " + raw + " (expected: ");
    }

    @Test
    void aTargetThatWasConfiguredBadlyCanStillBeHeld() {
        Target target = Target.unusable("http://hub:$(PORT)", "the port is no number");

        assertThat(target.isUsable()).isFalse();
        assertThat(target.raw()).isEqualTo("http://hub:$(PORT)");
        assertThatThrownBy(target::origin).hasMessageContaining("the port is no number");
    }

    @ParameterizedTest
    @CsvSource({
        "http://me:secret@host/x, http://***@host/x",
        "http://me@host, http://***@host",
        "http:me:secret@host/x@y, http:***@host/x@y",
        "http://host/x@y, http://host/x@y",
        "http://host?@, http://host?@",
    })
    void credentialsAreNotShown(String raw, String shown) {
        assertThat(Target.parse(raw)).hasToString(shown);
    }

    @Test
    void aTargetIsShownInOneLine() {
        assertThat(Target.unusable("http://host\r\nfake log line", "it is")).hasToString("http://host??fake log line");
    }

    @ParameterizedTest
    @CsvSource({
        "http://Host, host",
        "http://host:80, host",
        "http://host:443, host:443",
        "https://host:443, host",
        "http://[::1]:8888, [::1]:8888",
        "https://[::1], [::1]",
        "http+unix://%2Ftmp%2Fx, localhost",
    })
    void theHostHeaderNamesThePortUnlessItIsTheDefault(String raw, String header) {
        assertThat(Target.parse(raw).origin().hostHeader()).isEqualTo(header);
    }

    @Test
    void targetsThatReachTheSameServerShareAnOrigin() {
        assertThat(Target.parse("http://HOST/a").origin())
                .isEqualTo(Target.parse("http://x@host:80/b").origin());
        assertThat(Target.parse("http://host").origin())
                .isNotEqualTo(Target.parse("https://host:80").origin());
    }
}
