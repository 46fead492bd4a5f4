package org.joveproxy.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The object that a route was registered with, as text until somebody asks for its fields. A proxy that starts with very
 * many routes reads none of them, a listing copies the text, and it takes less memory than the fields.
 *
 * <p>Immutable. Each look at the fields reads the text again: few routes are ever looked at.
 */
public final class StoredData extends AbstractMap<String, @Nullable Object> {
    private final byte[] json;

    /**
     * What {@link RouteJson#writeData} wrote, in UTF-8, which a checksum has shown to be whole.
     *
     * @param json not copied, and not changed any more
     */
    public StoredData(byte[] json) {
        this.json = json;
    }

    String text() {
        return new String(json, StandardCharsets.UTF_8);
    }

    byte[] json() {
        return json;
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        try {
            return Collections.unmodifiableSet(RouteJson.readData(json).entrySet());
        } catch (IOException e) {
            throw new UncheckedIOException("our own JSON cannot be read", e);
        }
    }
}
