package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cipher lists against a fixed set of suites; what is expected is what {@code openssl ciphers} of OpenSSL 3.0 prints. */
final class CipherListTest {
    private static final List<String> SUPPORTED = List.of(
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
            "TLS_PSK_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_NULL_SHA256",
            "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
            "SSL_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_AES_128_GCM_SHA256",
            "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ECDHE-RSA-AES128-GCM-SHA256 | ECDHE-RSA-AES128-GCM-SHA256",
                "AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256 | AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256",
                "AES128-SHA AES128-GCM-SHA256,DES-CBC3-SHA | AES128-SHA:AES128-GCM-SHA256:DES-CBC3-SHA",
                "TLS_RSA_WITH_AES_128_CBC_SHA | AES128-SHA",
                "ECDHE | ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:"
                        + "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA",
                "EECDH+AESGCM:EDH+AESGCM | ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                        + "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256",
                "AES128+kEECDH+aRSA | ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA",
                "kRSA+AES:@STRENGTH | AES128-GCM-SHA256:AES128-SHA",
                "AES128:AES256:!aNULL:!PSK:!kRSA:@STRENGTH | ECDHE-ECDSA-AES256-GCM-SHA384:"
                        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
                        + "DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA",
                "SHA256 | NULL-SHA256",
                "SHA384 | ECDHE-RSA-AES256-SHA384",
                "CHACHA20:ECDSA | ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384",
                "kRSA:!NULL:!3DES:+AESGCM | AES128-SHA:AES128-GCM-SHA256",
                "kRSA:-AES:-NULL:AES128-SHA | DES-CBC3-SHA:AES128-SHA",
                "kRSA:!AES:AES128-SHA:!eNULL | DES-CBC3-SHA",
                "MEDIUM | DES-CBC3-SHA",
                "aNULL | ADH-AES128-GCM-SHA256",
                "PSK:eNULL | PSK-AES128-CBC-SHA:NULL-SHA256",
                "HIGH:!ECDHE:!kRSA:!aNULL:!PSK:@SECLEVEL=1 | DHE-RSA-AES128-GCM-SHA256",
                "NO-SUCH-SUITE:DHE | DHE-RSA-AES128-GCM-SHA256",
            })
    void aListChoosesAsOpenSslDoes(String list, String expected) throws Exception {
        assertThat(openSslNames(list)).containsExactly(expected.split(":"));
    }

    @Test
    void everySuiteIsChosenOnce() throws Exception {
        assertThat(openSslNames("ALL:COMPLEMENTOFALL:HIGH")).hasSize(13).doesNotHaveDuplicates();
    }

    @Test
    void defaultLeavesOutWhatIsWeakOrNamesNobody() throws Exception {
        assertThat(openSslNames("DEFAULT"))
                .contains("AES128-SHA", "ECDHE-RSA-CHACHA20-POLY1305")
                .doesNotContain("ADH-AES128-GCM-SHA256", "NULL-SHA256", "DES-CBC3-SHA");
    }

    @Test
    void chpsOwnListIsWhatNoListMeans() throws Exception {
        assertThat(openSslNames(null))
                .startsWith(
                        "ECDHE-RSA-AES128-GCM-SHA256",
                        "ECDHE-RSA-AES256-GCM-SHA384",
                        "ECDHE-ECDSA-AES256-GCM-SHA384",
                        "DHE-RSA-AES128-GCM-SHA256",
                        "ECDHE-RSA-AES256-SHA384",
                        "ECDHE-RSA-CHACHA20-POLY1305")
                .endsWith("AES128-GCM-SHA256", "AES128-SHA")
                .hasSize(9);
    }

    @ParameterizedTest
    @CsvSource({"NO-SUCH-SUITE", "RC4", "ALL:!ALL", "EXPORT", "ecdhe"})
    void aListMayChooseNothing(String list) throws Exception {
        assertThat(openSslNames(list)).isEmpty();
    }

    @Test
    void anUnknownCommandIsRefused() {
        assertThatThrownBy(() -> openSslNames("HIGH:@SORTED"))
                .isInstanceOf(TlsConfigException.class)
                .hasMessage("--ssl-ciphers=HIGH:@SORTED: unknown command @SORTED (expected: @STRENGTH or @SECLEVEL=n)");
    }

    @Test
    void tls13StaysWholeUnlessSomeOfItsSuitesAreNamed() {
        assertThat(new CipherList("ECDHE").suitesOfTls13()).isEqualTo(CipherList.TLS_1_3);
        assertThat(new CipherList("HIGH:TLS_AES_128_GCM_SHA256").suitesOfTls13())
                .containsExactly("TLS_AES_128_GCM_SHA256");
        assertThat(new CipherList("HIGH:!TLS_CHACHA20_POLY1305_SHA256").suitesOfTls13())
                .containsExactly("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
    }

    private static List<String> openSslNames(@Nullable String list) throws TlsConfigException {
        return new CipherList(list)
                .suitesOfTls12(SUPPORTED).stream()
                        .map(CipherSuite::parse)
                        .flatMap(suite -> suite.map(Stream::of).orElseGet(Stream::of))
                        .map(CipherSuite::openSslName)
                        .toList();
    }
}
