package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code values.schema.json} lets through and what it does not. */
final class SchemaTest {
    @Test
    void everyValueIsInTheSchemaAndTheOtherWayRound() throws IOException {
        List<String> ofValues = new ArrayList<>();
        List<String> ofSchema = new ArrayList<>();

        JsonNode schema = Yaml.read(Chart.HOME.resolve("values.schema.json"));
        addNames("", Yaml.read(Chart.HOME.resolve("values.yaml")), schema, schema, ofValues, ofSchema);

        assertThat(ofValues).hasSizeGreaterThan(100).containsExactlyInAnyOrderElementsOf(ofSchema);
    }

    private static void addNames(
            String path,
            JsonNode values,
            JsonNode schema,
            JsonNode root,
            List<String> ofValues,
            List<String> ofSchema) {
        JsonNode properties = schema.path("properties");
        // Below these stands what Kubernetes offers, not what the chart sets.
        boolean isOpen =
                path.endsWith("Probe.") || path.equals("updateStrategy.") || path.equals("httpRoute.timeouts.");
        if (!schema.path("additionalProperties").isBoolean() || isOpen) {
            return;
        }
        properties.properties().forEach(each -> ofSchema.add(path + each.getKey()));
        values.properties().forEach(each -> {
            ofValues.add(path + each.getKey());
            JsonNode below = properties.path(each.getKey());
            if (below.has("$ref")) {
                below = root.at(below.path("$ref").asText().substring(1));
            }
            if (each.getValue().isObject()
                    && !each.getKey().equals("resources")
                    && !each.getKey().equals("files")) {
                addNames(path + each.getKey() + ".", each.getValue(), below, root, ofValues, ofSchema);
            }
        });
        assertThat(schema.path("additionalProperties").asBoolean(true)).as(path).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown                    | replicas: 3",
                "unknown below              | 'service: {public: {ports: 80}}'",
                "a text for a number        | 'replicaCount: \"3\"'",
                "a number for a text        | 'image: {tag: 1.0}'",
                "no kind of workload        | kind: DaemonSet",
                "no mode                    | 'persistence: {mode: disk}'",
                "no url of Redis            | 'persistence: {redis: {url: \"http://redis\"}}'",
                "no quantity                | 'resources: {limits: {memory: 384 MB}}'",
                "no size                    | 'persistence: {file: {emptyDir: {sizeLimit: much}}}'",
                "no port                    | 'listen: {http: 0}'",
                "no port                    | 'listen: {api: 70000}'",
                "no target                  | 'hub: {url: \"hub:8081\"}'",
                "no base path               | 'hub: {baseUrl: lab}'",
                "no level                   | 'logging: {level: loud}'",
                "no format of a log         | 'logging: {accessLogFormat: xml}'",
                "no path                    | 'logging: {accessLog: access.log}'",
                "no path                    | 'logging: {accessLog: /var/log/}'",
                "two words in a path        | 'logging: {accessLog: /var/log/a b}'",
                "no format of errors        | 'errorPages: {format: json}'",
                "a text for networks        | 'clients: {trustedProxies: 10.0.0.0/8}'",
                "no address                 | 'clients: {trustedProxies: [ingress.example.org]}'",
                "no address                 | 'clients: {trustedProxies: [10.0.0.256]}'",
                "no address                 | 'clients: {trustedProxies: [\"fe80::1%eth0\"]}'",
                "no prefix                  | 'clients: {trustedProxies: [10.0.0.0/33]}'",
                "no prefix                  | 'clients: {trustedProxies: [\"2001:db8::/129\"]}'",
                "no socket                  | 'clients: {trustedProxies: [unix]}'",
                "two in one                 | 'clients: {trustedProxies: [\"10.0.0.1,10.0.0.2\"]}'",
                "no mode                    | 'clients: {proxyProtocol: v2}'",
                "no mode                    | 'clients: {forwarding: none}'",
                "a text for a truth value   | 'clients: {requestId: \"yes\"}'",
                "no digest                  | 'image: {digest: \"sha256:12\"}'",
                "no duration                | 'metrics: {serviceMonitor: {interval: often}}'",
                "two words in one           | 'extraArgs: [\"timeout 3\"]'",
                "no flag                    | 'extraArgs: [configurable-http-proxy]'",
                "a negative time            | 'drain: {delaySeconds: -1}'",
                "no time at all             | 'drain: {timeoutSeconds: 0}'",
                "no type of service         | 'service: {public: {type: ExternalName}}'",
                "no name of a page          | 'errorPages: {files: {index.html: x}}'",
                "a variable without a name  | 'extraEnv: [{value: x}]'",
                "a number for a variable    | 'extraEnv: {A: 10000000}'",
                "a number for a variable    | 'extraEnv: [{name: A, value: 7}]'",
                "no key of a secret         | 'auth: {existingSecretKey: \"\"}'",
                "nobody may be missing      | 'pdb: {maxUnavailable: 0}'",
                "a path without a slash     | 'ingress: {path: lab}'",
                "a rule of no name          | 'metrics: {prometheusRule: {without: [\"*\"]}}'",
            })
    void whatCannotBeIsRefused(String what, String values) {
        assertThatThrownBy(() -> Chart.render("minimal", values))
                .as(what)
                .hasMessageContaining("values don't meet the specifications of the schema");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image: {tag: '1.0'}",
                "resources: {limits: {memory: 1Gi, cpu: 1}, requests: {cpu: 0.5}}",
                "resources: {limits: {memory: 400000000}}",
                "extraEnv: [{name: A, value: b}]",
                "extraEnv: {A: b, B: '10000000', C: true, D: {valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}}",
                "persistence: {redis: {passwordKey: ''}}",
                "hub: {url: 'http+unix://%2Frun%2Fhub'}",
                "global: {anything: goes}",
                "enabled: true",
                "pdb: {maxUnavailable: 50%}",
                "networkPolicy: {allowedIngressPorts: [http, 8000]}",
                "drain: {delaySeconds: 0, timeoutSeconds: null}",
                "clients: {trustedProxies: [10.0.0.0/8, 192.0.2.7, '2001:db8::/32', '::1', '0.0.0.0/0', '::/0']}",
                "clients: {proxyProtocol: off, forwarding: replace, forwarded: true, requestId: true}",
                "logging: {accessLog: stdout, accessLogFormat: json}",
            })
    void whatMayBeIsLetThrough(String values) throws IOException {
        assertThat(Chart.render("minimal", values).documents()).isNotEmpty();
    }
}
