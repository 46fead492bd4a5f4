package org.joveproxy.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The pod of {@code helm test}, whose containers run on this machine against a proxy that runs here. Names of Services are
 * those of the documents; a port is followed from the Service to the container that the proxy is. Confined to the thread of
 * the test.
 */
final class HelmTestPod {
    private static final int LIMIT_SECONDS = 60;
    private static final Pattern ADDRESS = Pattern.compile("(https?://)([-.a-z0-9]+):(\\d+)");

    private final Manifests manifests;
    private final ContainerProcess proxy;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    /**
     * The pod in {@code manifests}.
     *
     * @param proxy what the Services lead to, alive or not
     * @param folder for files, readable by anybody; those of its volumes are there
     */
    HelmTestPod(Manifests manifests, ContainerProcess proxy, Path folder) throws IOException {
        this.manifests = manifests;
        this.proxy = proxy;
        this.folder = folder;
        Path hosts = folder.resolve("hosts");
        Files.writeString(
                hosts,
                manifests.documents().stream()
                        .filter(each -> each.path("kind").asText().equals("Service"))
                        .map(each -> "127.0.0.1 " + each.at("/metadata/name").asText() + "\n")
                        .collect(Collectors.joining()));
        environment.put("JOVE_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts);
    }

    /** What came of one container. */
    record Outcome(String step, int exitCode, String output) {
        boolean isGood() {
            return exitCode == 0;
        }
    }

    /** The names of its containers, in their order. */
    List<String> steps() {
        return containers().stream().map(each -> each.path("name").asText()).toList();
    }

    /** Runs one container after the other, as a kubelet does: the first that fails is the last. */
    List<Outcome> run() throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        for (String step : steps()) {
            outcomes.add(run(step));
            if (!outcomes.get(outcomes.size() - 1).isGood()) {
                break;
            }
        }
        return outcomes;
    }

    /** Runs the container {@code step} alone. */
    Outcome run(String step) throws Exception {
        JsonNode container = containers().stream()
                .filter(each -> each.path("name").asText().equals(step))
                .findFirst()
                .orElseThrow();
        try (ContainerProcess process =
                new ContainerProcess(pod(), container, folder, environment, this::onThisMachine)) {
            int exitCode = process.exitCode(LIMIT_SECONDS);
            return new Outcome(step, exitCode, process.output().strip());
        }
    }

    private JsonNode pod() {
        return manifests.the("Pod").path("spec");
    }

    private List<JsonNode> containers() {
        List<JsonNode> containers = new ArrayList<>();
        pod().path("initContainers").forEach(containers::add);
        pod().path("containers").forEach(containers::add);
        return containers;
    }

    private String onThisMachine(String word) {
        return ADDRESS.matcher(word)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1) + match.group(2) + ":"
                        + port(match.group(2), Integer.parseInt(match.group(3)))));
    }

    /** The port of this machine for {@code port} of {@code host}: a Service, or the pod of the proxy to itself. */
    private int port(String host, int port) {
        if (host.equals("127.0.0.1")) {
            return proxy.portBehind(port);
        }
        JsonNode service = manifests
                .find("Service", host)
                .orElseThrow(() -> new AssertionError("no Service " + host))
                .path("spec");
        if (service.path("clusterIP").asText().equals("None")) {
            // Its name leads to the pods themselves.
            return proxy.portBehind(port);
        }
        for (JsonNode each : service.path("ports")) {
            if (each.path("port").asInt() == port) {
                return proxy.portBehind(containerPort(each.path("targetPort").asText()));
            }
        }
        throw new AssertionError("no port " + port + " of the Service " + host);
    }

    private int containerPort(String name) {
        for (JsonNode each : manifests.container().path("ports")) {
            if (each.path("name").asText().equals(name)) {
                return each.path("containerPort").asInt();
            }
        }
        throw new AssertionError("no port " + name + " of the container");
    }
}
