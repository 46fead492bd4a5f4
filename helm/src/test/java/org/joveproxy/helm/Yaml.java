package org.joveproxy.helm;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** YAML as trees. A key that occurs twice is an error: Helm lets it through, others do not. */
final class Yaml {
    private static final ObjectMapper MAPPER =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private Yaml() {}

    static JsonNode parse(String text) throws IOException {
        return MAPPER.readTree(text);
    }

    /** As {@link #parse}, of text that stands in a test. */
    static JsonNode tree(String text) {
        try {
            return parse(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** All documents of {@code text} but the empty ones. */
    static List<JsonNode> all(String text) throws IOException {
        try (MappingIterator<JsonNode> documents =
                MAPPER.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        }
    }

    static String write(JsonNode tree) throws JsonProcessingException {
        return MAPPER.writeValueAsString(tree);
    }

    /** The values of {@code field} in the objects of {@code array}. */
    static ArrayNode column(JsonNode array, String field) {
        ArrayNode column = MAPPER.createArrayNode();
        array.forEach(each -> column.add(each.path(field)));
        return column;
    }

    /** A copy of {@code base} with {@code over} laid over it: objects are merged, everything else is replaced. */
    static ObjectNode merge(ObjectNode base, JsonNode over) {
        ObjectNode merged = base.deepCopy();
        over.properties().forEach(entry -> {
            JsonNode below = merged.get(entry.getKey());
            merged.set(
                    entry.getKey(),
                    below instanceof ObjectNode object && entry.getValue().isObject()
                            ? merge(object, entry.getValue())
                            : entry.getValue());
        });
        return merged;
    }
}
