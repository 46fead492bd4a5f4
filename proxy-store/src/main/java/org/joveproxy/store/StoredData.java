package org.joveproxy.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The object that a route was registered with, as text until somebody asks for its fields. A proxy that starts with very
 * many routes reads none of them, a listing copies the text, and it takes less memory than the fields.
 *
 * <p>Immutable. Each look at the fields reads the text again: few routes are ever looked at.
 */
public final class StoredData extends AbstractMap<String, @Nullable Object> {
    /** Names that JSON writes as they are. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_]+");

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

    /** As of any map; a field of which there is no trace in the text is not looked for in the fields. */
    @Override
    public @Nullable Object get(Object name) {
        return name instanceof String text && PLAIN.matcher(text).matches() && !isIn('"' + text + '"')
                ? null
                : super.get(name);
    }

    private boolean isIn(String plain) {
        int last = json.length - plain.length();
        for (int start = 0; start <= last; start++) {
            int same = 0;
            while (same < plain.length() && json[start + same] == plain.charAt(same)) {
                same++;
            }
            if (same == plain.length()) {
                return true;
            }
        }
        return false;
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
