package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each group of values does. */
final class FeaturesTest {
    // ---- how long a stop may take ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minimal     | ''                                                   | 1    | 0  | 16",
                "minimal     | 'drain: {timeoutSeconds: 20}'                        | 20   | 0  | 35",
                "minimal     | 'drain: {delaySeconds: 3}'                           | 1    | 3  | 19",
                "replicas    | ''                                                   | 30   | 5  | 50",
                "autoscaling | ''                                                   | 300  | 10 | 325",
                "replicas    | 'drain: {delaySeconds: 0}'                           | 30   | 0  | 45",
                "replicas    | 'terminationGracePeriodSeconds: 90'                  | 30   | 5  | 90",
            })
    void theGracePeriodFollowsFromTheDrain(String feature, String more, int timeout, int delay, int grace)
            throws IOException {
        Manifests manifests = Chart.render(feature, more);

        assertThat(manifests.args()).contains("--drain-delay=" + delay + "s", "--drain-timeout=" + timeout + "s");
        assertThat(manifests.container().has("lifecycle")).isFalse();
        assertThat(manifests
                        .workload()
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(grace);
    }

    // ---- where routes are kept ----

    @Test
    void withoutPersistenceOnlySecretsAreMountedAndTheImagesSettingDoesNotCount() {
        Manifests manifests = Chart.render(Chart.valuesFile("memory"));

        assertThat(manifests.args()).contains("--state-dir=none");
        assertThat(Manifests.texts(Yaml.column(manifests.container().path("volumeMounts"), "name")))
                .containsExactly("secrets");
    }

    @Test
    void theJournalIsOnAnEmptyDirUnlessAClaimIsWanted() {
        Manifests manifests = Chart.render(Chart.valuesFile("minimal"));

        assertThat(manifests.args()).contains("--state-dir=/var/lib/jove/routes");
        assertThat(manifests.container().at("/volumeMounts/0/mountPath").asText())
                .isEqualTo("/var/lib/jove");
        assertThat(volume(manifests, 0).at("/emptyDir/sizeLimit").asText()).isEqualTo("64Mi");
        assertThat(manifests.has("PersistentVolumeClaim")).isFalse();
    }

    @Test
    void aDeploymentHasAClaimOfItsOwn() {
        Manifests manifests = Chart.render(Chart.valuesFile("claim"));

        JsonNode claim = manifests.the("PersistentVolumeClaim");
        assertThat(claim.at("/spec/resources/requests/storage").asText()).isEqualTo("2Gi");
        assertThat(claim.at("/spec/storageClassName").asText()).isEqualTo("fast");
        assertThat(volume(manifests, 0).at("/persistentVolumeClaim/claimName").asText())
                .isEqualTo(claim.at("/metadata/name").asText());
        assertThat(manifests.args()).contains("--restored-route-ttl=600000");
    }

    @Test
    void aClaimThatExistsIsUsedAndNotMade() throws IOException {
        Manifests manifests = Chart.render("claim", "persistence: {file: {claim: {existingClaim: mine}}}");

        assertThat(manifests.has("PersistentVolumeClaim")).isFalse();
        assertThat(volume(manifests, 0).at("/persistentVolumeClaim/claimName").asText())
                .isEqualTo("mine");
    }

    @Test
    void aStatefulSetHasAClaimForEachPodAndNamesForThem() {
        Manifests manifests = Chart.render(Chart.valuesFile("statefulset"));

        JsonNode set = manifests.the("StatefulSet");
        assertThat(set.at("/spec/volumeClaimTemplates/0/metadata/name").asText())
                .isEqualTo(manifests.container().at("/volumeMounts/0/name").asText());
        assertThat(manifests.find("Service", set.at("/spec/serviceName").asText()))
                .hasValueSatisfying(service ->
                        assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None"));
        assertThat(set.at("/spec").has("strategy")).isFalse();
    }

    @Test
    void replicasShareARedisWhosePasswordStandsInASecret() {
        Manifests manifests = Chart.render(Chart.valuesFile("replicas"));

        assertThat(manifests.args()).contains("--storage-backend=redis://redis.store:6379/2", "--store-prefix=lab");
        assertThat(manifests.args()).noneMatch(each -> each.startsWith("--state-dir"));
        assertThat(file(manifests, "JOVE_STORE_PASSWORD_FILE")).isEqualTo("redis password");
        assertThat(manifests
                        .variable("JOVE_STORE_USERNAME")
                        .at("/valueFrom/secretKeyRef/key")
                        .asText())
                .isEqualTo("user");
    }

    // ---- how many there are, and how they are replaced ----

    @Test
    void oneProxyEndsBeforeTheNextStarts() {
        Manifests manifests = Chart.render(Chart.valuesFile("minimal"));

        assertThat(manifests.the("Deployment").at("/spec/strategy")).isEqualTo(Yaml.tree("{type: Recreate}"));
        assertThat(manifests.the("Deployment").at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(manifests.has("PodDisruptionBudget")).isFalse();
        assertThat(manifests.has("HorizontalPodAutoscaler")).isFalse();
        assertThat(manifests.workload().at("/spec/template/spec").has("topologySpreadConstraints"))
                .isFalse();
    }

    @Test
    void replicasAreReplacedOneByOneSpreadAndGuarded() {
        Manifests manifests = Chart.render(Chart.valuesFile("replicas"));

        assertThat(manifests.the("Deployment").at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(manifests.the("Deployment").at("/spec/strategy/rollingUpdate"))
                .isEqualTo(Yaml.tree("{maxUnavailable: 0, maxSurge: 1}"));
        assertThat(manifests.workload().at("/spec/template/spec/topologySpreadConstraints"))
                .hasSize(2)
                .allMatch(each -> each.path("whenUnsatisfiable").asText().equals("ScheduleAnyway"));
        JsonNode budget = manifests.the("PodDisruptionBudget").path("spec");
        assertThat(budget.path("maxUnavailable").asInt()).isEqualTo(1);
        assertThat(budget.path("unhealthyPodEvictionPolicy").asText()).isEqualTo("AlwaysAllow");
        assertThat(budget.path("selector")).isEqualTo(manifests.workload().at("/spec/selector"));
    }

    @Test
    void theAutoscalerSetsTheNumberAndGoesDownSlowly() {
        Manifests manifests = Chart.render(Chart.valuesFile("autoscaling"));

        JsonNode scaler = manifests.the("HorizontalPodAutoscaler").path("spec");
        assertThat(manifests.the("Deployment").path("spec").has("replicas")).isFalse();
        assertThat(scaler.path("maxReplicas").asInt()).isEqualTo(6);
        assertThat(scaler.at("/behavior/scaleDown/stabilizationWindowSeconds").asInt())
                .isEqualTo(3600);
        assertThat(scaler.at("/behavior/scaleDown/policies/0/value").asInt()).isEqualTo(1);
        assertThat(scaler.at("/scaleTargetRef/name"))
                .isEqualTo(manifests.workload().at("/metadata/name"));
    }

    // ---- what the pod may do ----

    @Test
    void thePodMayDoNothingButServe() {
        JsonNode pod = Chart.render(Chart.valuesFile("minimal")).workload().at("/spec/template/spec");
        JsonNode context = pod.at("/containers/0/securityContext");

        assertThat(context).isEqualTo(Yaml.tree("""
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            capabilities: {drop: [ALL]}
            seccompProfile: {type: RuntimeDefault}
            """));
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(65534);
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.at("/containers/0/resources/limits").has("cpu")).isFalse();
    }

    @Test
    void theClusterMayChooseTheUser() throws IOException {
        JsonNode context = Chart.render(
                        "minimal", "podSecurityContext: {runAsUser: null, runAsGroup: null, fsGroup: null}")
                .workload()
                .at("/spec/template/spec/securityContext");

        assertThat(context.properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("runAsNonRoot", "fsGroupChangePolicy", "seccompProfile");
    }

    @Test
    void livenessIsAskedForLifeAndReadinessForRoutes() {
        JsonNode container = Chart.render(Chart.valuesFile("minimal")).container();

        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/_chp_healthz");
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/_chp_healthz");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/_chp_readyz");
        assertThat(container.at("/readinessProbe/httpGet/port").asText()).isEqualTo("http");
    }

    @Test
    void probesCanBeReplacedExtendedAndLeftOut() {
        JsonNode container = Chart.render(Chart.valuesFile("everything-else")).container();

        assertThat(container.has("startupProbe")).isFalse();
        assertThat(container.path("livenessProbe").has("httpGet")).isFalse();
        assertThat(container.at("/livenessProbe/tcpSocket/port").asText()).isEqualTo("http");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/_chp_readyz");
        assertThat(container.at("/readinessProbe/httpGet/httpHeaders")).hasSize(1);
    }

    // ---- who asks ----

    @Test
    void whoStandsInFrontAndWhatIsLoggedComesFromValues() {
        Manifests manifests = Chart.render(Chart.valuesFile("clients"));

        assertThat(manifests.args())
                .contains(
                        "--trusted-proxies=10.0.0.0/8,127.0.0.1,2001:db8::/32",
                        "--proxy-protocol=optional",
                        "--forwarding=single",
                        "--forwarded",
                        "--request-id",
                        "--error-format=negotiate",
                        "--access-log=/var/log/jove/access.log",
                        "--access-log-format=json");
    }

    @Test
    void nobodyIsTrustedAndNoRequestIsLoggedUnlessThatIsWanted() {
        assertThat(Chart.render(Chart.valuesFile("minimal")).args())
                .noneMatch(
                        each -> each.matches(
                                "--(trusted-proxies|proxy-protocol|forwarding|forwarded|request-id|error-format|access-log).*"));
    }

    @Test
    void onlyTheProxyProtocolIsSpokenWhereNobodyComesWithoutIt() throws IOException {
        assertThat(Chart.render("clients", """
                                clients: {proxyProtocol: "on"}
                                tests: {enabled: false}
                                startupProbe: {enabled: false}
                                livenessProbe: {tcpSocket: {port: http}}
                                readinessProbe: {httpGet: {port: api, path: /}}
                                """).args()).contains("--proxy-protocol=on");
    }

    /** Helm reads {@code off} and {@code on} without quotes as truth values. */
    @Test
    void theProxyProtocolMayStandWithoutQuotes(@TempDir Path folder) throws IOException {
        Path off = Files.writeString(folder.resolve("off.yaml"), "{auth: {token: t}, clients: {proxyProtocol: off}}");
        Path on = Files.writeString(
                folder.resolve("on.yaml"),
                "{auth: {token: t}, clients: {proxyProtocol: on, trustedProxies: [10.0.0.0/8]}}");

        assertThat(Chart.render(off).args()).noneMatch(each -> each.startsWith("--proxy-protocol"));
        assertThatThrownBy(() -> Chart.render(on)).hasMessageContaining("clients.proxyProtocol: on with startupProbe");
    }

    // ---- secrets ----

    @Test
    void theTokenComesFromASecret() {
        Manifests manifests = Chart.render(Chart.valuesFile("minimal"));

        assertThat(manifests.has("Secret")).isFalse();
        assertThat(file(manifests, "CONFIGPROXY_AUTH_TOKEN_FILE"))
                .isEqualTo("hub hub.config.ConfigurableHTTPProxy.auth_token");
    }

    @Test
    void aTokenAmongTheValuesBecomesASecretAndANewOneNeedsNoOtherPod() throws IOException {
        Manifests manifests = Chart.render(Chart.valuesFile("memory"));
        Manifests others = Chart.render("memory", "auth: {token: another}");

        byte[] token = Base64.getDecoder()
                .decode(manifests.the("Secret").at("/data/token").asText());
        assertThat(new String(token, StandardCharsets.UTF_8)).isEqualTo("a-token-from-the-values");
        assertThat(file(manifests, "CONFIGPROXY_AUTH_TOKEN_FILE"))
                .isEqualTo(manifests.the("Secret").at("/metadata/name").asText() + " token");
        assertThat(manifests.workload().toString()).doesNotContain("a-token-from-the-values");
        assertThat(others.the("Secret")).isNotEqualTo(manifests.the("Secret"));
        assertThat(others.workload()).isEqualTo(manifests.workload());
    }

    // ---- TLS ----

    @Test
    void tlsIsServedFromASecretAndPlainHttpSendsThere() {
        Manifests manifests = Chart.render(Chart.valuesFile("tls"));

        assertThat(manifests.args())
                .contains(
                        "--port=8443",
                        "--redirect-port=8000",
                        "--redirect-to=443",
                        "--ssl-key=/etc/jove/tls/key.pem",
                        "--ssl-cert=/etc/jove/tls/chain.pem");
        assertThat(manifests.container().at("/readinessProbe/httpGet/scheme").asText())
                .isEqualTo("HTTPS");
        assertThat(manifests
                        .variable("CONFIGPROXY_SSL_KEY_PASSPHRASE")
                        .at("/valueFrom/secretKeyRef/name")
                        .asText())
                .isEqualTo("proxy-tls-passphrase");
        JsonNode service =
                manifests.find("Service", "jove-public").orElseThrow().path("spec");
        assertThat(service.path("ports")).hasSize(2);
        assertThat(service.path("loadBalancerClass").asText()).isEqualTo("example.org/lb");
        assertThat(service.path("ipFamilyPolicy").asText()).isEqualTo("PreferDualStack");
    }

    @Test
    void withoutRedirectionNothingListensForPlainHttp() {
        Manifests manifests = Chart.render(Chart.valuesFile("tls-only"));

        assertThat(manifests.args()).noneMatch(each -> each.startsWith("--redirect"));
        assertThat(Manifests.texts(Yaml.column(manifests.container().path("ports"), "name")))
                .containsExactly("https", "api", "metrics");
        assertThat(manifests.the("NetworkPolicy").toString()).doesNotContain("\"http\"");
    }

    // ---- who may come ----

    @Test
    void onlyWhoHasTheLabelReachesTheApi() {
        JsonNode policy = Chart.render(Chart.valuesFile("minimal")).the("NetworkPolicy");

        assertThat(rulesFor(policy, "api"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.path("from"))
                        .isEqualTo(Yaml.tree("[{podSelector: {matchLabels:"
                                + " {hub.jupyter.org/network-access-proxy-api: \"true\"}}}]")));
        assertThat(rulesFor(policy, "http").get(0).has("from")).isFalse();
    }

    @Test
    void otherNamespacesAreLetInWhenThatIsWanted() {
        JsonNode policy = Chart.render(Chart.valuesFile("replicas")).the("NetworkPolicy");

        assertThat(rulesFor(policy, "api").get(0).path("from")).hasSize(2);
        assertThat(policy.at("/spec/egress").toString()).contains("6379");
    }

    @Test
    void replicasReachEachOtherAlsoWhereNoPrivateAddressIsAllowed() throws IOException {
        Manifests manifests = Chart.render(
                "replicas", "networkPolicy: {egressAllowRules: {privateIPs: false, nonPrivateIPs: false}}");
        JsonNode policy = manifests.the("NetworkPolicy").path("spec");
        ObjectNode peers = (ObjectNode) Yaml.tree("{}");
        peers.set("podSelector", manifests.workload().at("/spec/selector"));

        assertThat(policy.path("egress"))
                .anyMatch(rule -> rule.path("to").equals(Yaml.tree("[" + peers + "]"))
                        && rule.path("ports").equals(Yaml.tree("[{port: http}]")));
        assertThat(policy.path("ingress"))
                .anyMatch(rule ->
                        Manifests.texts(Yaml.column(rule.path("ports"), "port")).contains("http")
                                && rule.path("from").toString().contains(peers.toString()));
    }

    @Test
    void namesAreAskedForAtPort53OfPrivateAddressesAndKubeSystem() {
        JsonNode egress =
                Chart.render(Chart.valuesFile("minimal")).the("NetworkPolicy").at("/spec/egress");

        assertThat(egress)
                .anyMatch(rule ->
                        rule.path("ports").equals(Yaml.tree("[{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]"))
                                && rule.path("to").toString().contains("kube-system")
                                && rule.path("to").toString().contains("10.0.0.0/8"));
    }

    @Test
    void aClosedPolicyIsClosed() {
        JsonNode policy = Chart.render(Chart.valuesFile("everything-else")).the("NetworkPolicy");

        assertThat(policy.at("/spec/egress")).isEqualTo(Yaml.tree("""
            - {ports: [{port: 8081}], to: [{podSelector: {matchLabels: {component: hub}}}]}
            - {ports: [{port: 8888}], to: [{podSelector: {matchLabels: {component: singleuser-server}}}]}
            - {to: [{ipBlock: {cidr: 169.254.169.254/32}}]}
            """));
        assertThat(rulesFor(policy, "http"))
                .filteredOn(rule -> !rule.has("from"))
                .hasSize(1);
    }

    /** Load balancers of Azure take it for a wish to be probed at "/", and the hub answers that with a redirect. */
    @Test
    void onlyInsideTheClusterServicesSayWhatTheySpeak() throws IOException {
        JsonNode inside = publicPorts(Chart.render(Chart.valuesFile("minimal")));
        JsonNode balanced = publicPorts(Chart.render(Chart.valuesFile("tls")));
        JsonNode wanted = publicPorts(Chart.render(Chart.valuesFile("gateway")));

        assertThat(inside.at("/0/appProtocol").asText()).isEqualTo("http");
        assertThat(balanced).hasSize(2).noneMatch(port -> port.has("appProtocol"));
        assertThat(wanted.at("/0/appProtocol").asText()).isEqualTo("kubernetes.io/ws");
    }

    private static JsonNode publicPorts(Manifests manifests) {
        return manifests.find("Service", "jove-public").orElseThrow().at("/spec/ports");
    }

    @Test
    void theHubsPolicyLetsThePodsIn() {
        assertThat(Chart.render(Chart.valuesFile("minimal"))
                        .workload()
                        .at("/spec/template/metadata/labels")
                        .toString())
                .contains("\"hub.jupyter.org/network-access-hub\":\"true\"")
                .contains("\"hub.jupyter.org/network-access-singleuser\":\"true\"")
                .doesNotContain("\"component\"")
                .doesNotContain("\"release\"");
    }

    @Test
    void theApiIsOnNoServiceThatLeadsOutside() {
        Manifests manifests = Chart.render(Chart.valuesFile("tls"));

        assertThat(manifests
                        .find("Service", "jove-public")
                        .orElseThrow()
                        .at("/spec/ports")
                        .toString())
                .doesNotContain("api");
        assertThat(manifests
                        .find("Service", "jove-api")
                        .orElseThrow()
                        .at("/spec/type")
                        .asText())
                .isEqualTo("ClusterIP");
    }

    @Test
    void anIngressLeadsToTheHubsPath() {
        JsonNode ingress =
                Chart.render(Chart.valuesFile("ingress")).the("Ingress").path("spec");

        assertThat(Manifests.texts(Yaml.column(ingress.path("rules"), "host")))
                .containsExactly("lab.example.org", "lab.example.com");
        assertThat(ingress.at("/rules/0/http/paths/0/path").asText()).isEqualTo("/jupyter/");
        assertThat(ingress.at("/rules/0/http/paths/0/backend/service"))
                .isEqualTo(Yaml.tree("{name: jove-public, port: {name: http}}"));
        assertThat(ingress.path("ingressClassName").asText()).isEqualTo("nginx");
    }

    @Test
    void aRouteOfAGatewayLetsWebsocketsLive() {
        Manifests manifests = Chart.render(Chart.valuesFile("gateway"));
        JsonNode route = manifests.the("HTTPRoute").path("spec");

        assertThat(route.at("/parentRefs/0/name").asText()).isEqualTo("gateway");
        assertThat(route.at("/rules/0/timeouts/request").asText()).isEqualTo("0s");
        assertThat(route.at("/rules/0/backendRefs/0")).isEqualTo(Yaml.tree("{name: jove-public, port: 80}"));
        assertThat(manifests.args()).contains("--host-routing");
    }

    // ---- the hub ----

    @Test
    void addressesOfTheHubFollowItsBasePath() {
        Manifests manifests = Chart.render(Chart.valuesFile("memory"));

        assertThat(manifests.args())
                .contains(
                        "--default-target=http://hub.jupyter:8081/",
                        "--error-target=http://hub.jupyter:8081/lab/hub/error");
    }

    @Test
    void theHubIsAskedWithATokenOfItsOwn() {
        Manifests manifests = Chart.render(Chart.valuesFile("recheck"));

        assertThat(manifests.variable("JOVE_HUB_API_URL").path("value").asText())
                .isEqualTo("http://hub:8081/lab/hub/api");
        assertThat(file(manifests, "JOVE_HUB_API_TOKEN_FILE")).startsWith("jove-hub ");
    }

    @Test
    void pagesForErrorsTakeThePlaceOfTheHubs() {
        Manifests manifests = Chart.render(Chart.valuesFile("recheck"));

        assertThat(manifests.args())
                .contains("--error-path=/etc/jove/errors")
                .noneMatch(each -> each.startsWith("--error-target"));
        assertThat(manifests
                        .find("ConfigMap", "jove-error-pages")
                        .orElseThrow()
                        .at("/data/404.html")
                        .asText())
                .contains("nothing here");
    }

    // ---- metrics ----

    @Test
    void withoutMetricsNothingSpeaksOfThem() {
        assertThat(Chart.text(Chart.valuesFile("memory"))).doesNotContain("metrics");
    }

    @Test
    void aServiceMonitorFindsTheServiceOfTheMetricsAlone() {
        Manifests manifests = Chart.render(Chart.valuesFile("replicas"));
        JsonNode wanted = manifests.the("ServiceMonitor").at("/spec/selector/matchLabels");

        assertThat(manifests.documents())
                .filteredOn(each -> each.path("kind").asText().equals("Service")
                        && each.at("/metadata/labels").properties().containsAll(wanted.properties()))
                .singleElement()
                .satisfies(
                        each -> assertThat(each.at("/metadata/name").asText()).isEqualTo("jove-metrics"));
    }

    @Test
    void bothMonitorsGiveTheJobThatTheAlertsAskFor() {
        for (String feature : List.of("replicas", "autoscaling")) {
            Manifests manifests = Chart.render(Chart.valuesFile(feature));
            String monitor = manifests.has("PodMonitor")
                    ? manifests.the("PodMonitor").toString()
                    : manifests.the("ServiceMonitor").toString();

            assertThat(monitor).contains("{\"targetLabel\":\"job\",\"replacement\":\"jove\"}");
            assertThat(manifests.the("PrometheusRule").toString())
                    .contains("up{namespace=\\\"lab\\\",job=\\\"jove\\\"}")
                    .doesNotContain("SELECTOR")
                    .doesNotContain("HUB_POLL_SECONDS");
        }
    }

    @Test
    void alertsCanBeLeftOutAndAdded() throws IOException {
        JsonNode groups =
                Chart.render(Chart.valuesFile("replicas")).the("PrometheusRule").at("/spec/groups");
        JsonNode alone = Chart.render("minimal", "metrics: {prometheusRule: {enabled: true}}")
                .the("PrometheusRule")
                .at("/spec/groups");

        assertThat(Manifests.texts(Yaml.column(groups, "name")))
                .containsExactly("jove", "jove-replicas", "jove-additional");
        assertThat(groups.toString()).contains("JoveBug").doesNotContain("JovePauses");
        assertThat(Manifests.texts(Yaml.column(alone, "name"))).containsExactly("jove");
    }

    // ---- the rest ----

    @Test
    void whatOperatorsAddIsPutInWithTemplatesFilledIn() {
        Manifests manifests = Chart.render(Chart.valuesFile("everything-else"));

        assertThat(manifests.args())
                .contains("--no-x-forward", "--custom-header=X-Site: lab", "--event-loops=2", "--log-level=warn");
        assertThat(manifests
                        .variable("NODE")
                        .at("/valueFrom/fieldRef/fieldPath")
                        .asText())
                .isEqualTo("spec.nodeName");
        assertThat(manifests.variable("JOVE_JAVA_OPTS").path("value").asText()).isEqualTo("-Xmx200m");
        assertThat(manifests
                        .find("ConfigMap", "more")
                        .orElseThrow()
                        .at("/data/release")
                        .asText())
                .isEqualTo("jove");
        assertThat(manifests.find("ConfigMap", "jove-proxy-text")).isPresent();
        assertThat(manifests.container().path("image").asText()).startsWith("registry.example.org/lab/jove@sha256:");
        assertThat(manifests.workload().at("/spec/template/spec/containers")).hasSize(2);
    }

    @Test
    void variablesMayBeAList() {
        assertThat(Chart.render(Chart.valuesFile("env-list"))
                        .variable("JAVA_TOOL_OPTIONS")
                        .path("value")
                        .asText())
                .isEqualTo("-Duser.timezone=UTC");
    }

    @Test
    void theHelmTestAsksFromOutsideThePodStepByStep() {
        JsonNode test = Chart.render(Chart.valuesFile("tls")).the("Pod");

        assertThat(test.at("/metadata/annotations/a~1hook").asText()).isEqualTo("test");
        assertThat(Manifests.texts(Yaml.column(test.at("/spec/initContainers"), "name")))
                .containsExactly(
                        "alive",
                        "ready",
                        "no-token-no-routes",
                        "token-opens-routes",
                        "add-route",
                        "read-route",
                        "use-route",
                        "delete-route",
                        "route-is-gone");
        assertThat(Manifests.texts(test.at("/spec/initContainers/0/args")))
                .containsExactly("healthcheck", "--timeout=10000", "https://jove-public:443/_chp_healthz");
        assertThat(test.at("/spec/containers/0/name").asText()).isEqualTo("metrics");
    }

    @Test
    void theHelmTestRunsWhereTheProxyMay() {
        Manifests manifests = Chart.render(Chart.valuesFile("everything-else"));
        JsonNode pod = manifests.workload().at("/spec/template/spec");
        JsonNode test = manifests.the("Pod").path("spec");

        for (String field : List.of("nodeSelector", "tolerations", "imagePullSecrets", "securityContext")) {
            assertThat(test.path(field)).as(field).isNotEmpty().isEqualTo(pod.path(field));
        }
        assertThat(test.at("/containers/0/securityContext")).isEqualTo(pod.at("/containers/0/securityContext"));
        assertThat(test.at("/containers/0/image")).isEqualTo(pod.at("/containers/0/image"));
    }

    private static JsonNode volume(Manifests manifests, int index) {
        return manifests.workload().at("/spec/template/spec/volumes/" + index);
    }

    /** Name and key of the secret that is in the file which {@code variable} names. */
    private static String file(Manifests manifests, String variable) {
        Path file = Path.of(manifests.variable(variable).path("value").asText());
        for (JsonNode volume : manifests.workload().at("/spec/template/spec/volumes")) {
            boolean isThere = manifests
                    .container()
                    .path("volumeMounts")
                    .valueStream()
                    .anyMatch(mount -> mount.path("name").equals(volume.path("name"))
                            && file.startsWith(mount.path("mountPath").asText()));
            for (JsonNode source : volume.at("/projected/sources")) {
                for (JsonNode item : source.at("/secret/items")) {
                    if (isThere && file.endsWith(item.path("path").asText())) {
                        return source.at("/secret/name").asText() + " "
                                + item.path("key").asText();
                    }
                }
            }
        }
        throw new AssertionError("no secret is in " + file);
    }

    private static List<JsonNode> rulesFor(JsonNode policy, String port) {
        List<JsonNode> rules = new ArrayList<>();
        policy.at("/spec/ingress").forEach(rule -> {
            if (Manifests.texts(Yaml.column(rule.path("ports"), "port")).contains(port)) {
                rules.add(rule);
            }
        });
        return rules;
    }
}
