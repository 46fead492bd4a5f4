package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsVersionsTest {
    private final List<String> warnings = new ArrayList<>();

    @Test
    void bothVersionsAreTheDefault() throws Exception {
        assertThat(TlsVersions.of(null, warnings)).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1_2, TLSv1.2",
        "TLSv1.2, TLSv1.2",
        "tlsv1.2, TLSv1.2",
        "TLSv1_2_server, TLSv1.2",
        "TLSv1_2_client, TLSv1.2",
        "TLSv1_2_method, TLSv1.2",
        "TLSv1_2_server_method, TLSv1.2",
        "TLSv1_3, TLSv1.3",
        "TLSv1.3, TLSv1.3",
        "TLS, TLSv1.3 TLSv1.2",
        "TLS_server, TLSv1.3 TLSv1.2",
        "SSLv23, TLSv1.3 TLSv1.2",
        "SSLv23_server, TLSv1.3 TLSv1.2"
    })
    void everySpellingIsUnderstood(String protocol, String expected) throws Exception {
        assertThat(TlsVersions.of(protocol, warnings)).containsExactly(expected.split(" "));
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSLv2", "SSLv3", "SSLv3_server", "TLSv1", "TLSv1_0", "TLSv1.1", "TLSv1_1_client"})
    void legacyVersionsGiveModernOnesWithAWarning(String protocol) throws Exception {
        assertThat(TlsVersions.of(protocol, warnings)).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(warnings)
                .containsExactly(
                        "--ssl-protocol=" + protocol + ": too old to be offered, TLS 1.2 and 1.3 are used instead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "", "DTLSv1_2", "TLSv1_4", "TLSv1_2_bogus"})
    void anythingElseIsRefused(String protocol) {
        assertThatThrownBy(() -> TlsVersions.of(protocol, warnings))
                .isInstanceOf(TlsConfigException.class)
                .hasMessage("--ssl-protocol=" + protocol + ": unknown (expected: TLS, SSLv23, TLSv1_2 or TLSv1_3)");
    }
}
