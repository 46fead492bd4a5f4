package org.joveproxy.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Rendered documents. Immutable. */
record Manifests(List<JsonNode> documents) {
    Manifests {
        documents = List.copyOf(documents);
    }

    static Manifests parse(String text) {
        try {
            return new Manifests(Yaml.all(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only document of {@code kind}. */
    JsonNode the(String kind) {
        List<JsonNode> found = all(kind).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " documents of kind " + kind + " (expected: one)");
        }
        return found.get(0);
    }

    /** The document of {@code kind} with {@code name}, if there is one. */
    Optional<JsonNode> find(String kind, String name) {
        return all(kind)
                .filter(each -> each.at("/metadata/name").asText().equals(name))
                .findFirst();
    }

    boolean has(String kind) {
        return all(kind).findAny().isPresent();
    }

    private Stream<JsonNode> all(String kind) {
        return documents.stream().filter(each -> each.path("kind").asText().equals(kind));
    }

    /** The Deployment or StatefulSet of the proxy. */
    JsonNode workload() {
        return has("StatefulSet") ? the("StatefulSet") : the("Deployment");
    }

    /** The proxy's container. */
    JsonNode container() {
        return workload().at("/spec/template/spec/containers/0");
    }

    /** The words of the proxy's command line behind the command itself. */
    List<String> args() {
        return texts(container().path("args"));
    }

    /** The variable {@code name} of the proxy. */
    JsonNode variable(String name) {
        return StreamSupport.stream(container().path("env").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no variable " + name + " in " + container()));
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
