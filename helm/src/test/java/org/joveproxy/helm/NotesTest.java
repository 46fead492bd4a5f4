package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads after {@code helm install}. */
final class NotesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minimal   | they survive a crash of the container, but not a move of the pod",
                "minimal   | api_url: http://jove-api.lab:8001",
                "minimal   | in the secret hub, key hub.config.ConfigurableHTTPProxy.auth_token",
                "memory    | a restart of the container empties the table",
                "memory    | the token stands in the values",
                "memory    | no network policy keeps other pods from the REST API",
                "claim     | routes are kept on a volume",
                "replicas  | 3 replicas share the routes in redis://redis.store:6379/2",
                "autoscaling | 2 to 6 replicas share",
                "tls       | get service jove-public",
                "ingress   | https://lab.example.org/jupyter/",
                "gateway   | https://*.lab.example.org/",
            })
    void theNotesSayWhatIsToBeExpected(String feature, String text) throws IOException {
        assertThat(Chart.notes(feature, "{}")).contains(text);
    }

    @Test
    void theNotesWarnOfHostsWithoutAWildcard() throws IOException {
        String warning = "no host of the Ingress has a wildcard";

        assertThat(Chart.notes("ingress", "hostRouting: true")).contains(warning);
        assertThat(Chart.notes(
                        "ingress", "{hostRouting: true, ingress: {hosts: [lab.example.org, '*.lab.example.org']}}"))
                .doesNotContain(warning);
        assertThat(Chart.notes("ingress", "{}")).doesNotContain(warning);
    }

    @Test
    void theNotesWarnOfAnIngressWhoseWordIsNotTaken() throws IOException {
        String warning = "no clients.trustedProxies what the Ingress says of clients, https with it, is dropped";

        assertThat(Chart.notes("ingress", "clients: {forwarding: single}")).contains(warning);
        assertThat(Chart.notes("ingress", "clients: {forwarding: single, trustedProxies: [10.0.0.0/8]}"))
                .doesNotContain(warning);
        assertThat(Chart.notes("ingress", "{}")).doesNotContain(warning);
    }

    @Test
    void theNotesSpeakOfATestWhereThereIsOne() throws IOException {
        assertThat(Chart.notes("minimal", "{}")).contains("helm test jove --namespace lab");
        assertThat(Chart.notes("memory", "{}")).doesNotContain("helm test");
    }
}
