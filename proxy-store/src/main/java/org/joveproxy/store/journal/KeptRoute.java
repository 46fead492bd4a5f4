package org.joveproxy.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;

/**
 * A route as it is in the file: when it was last used by the time it was put there, in milliseconds, and the JSON object
 * that it was registered with.
 *
 * <p>Immutable.
 *
 * @param json in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed after it was made
record KeptRoute(long lastMillis, byte[] json) {
    static final Type TYPE = new Type();

    static KeptRoute of(Route route) {
        return new KeptRoute(
                route.activity().lastMillis(), RouteJson.writeData(route).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The route of {@code path}, last used at {@code lastMillis}.
     *
     * @throws IllegalStateException when the JSON is none
     */
    Route restored(String path, long lastMillis, long nowMillis) {
        try {
            Map<String, @Nullable Object> data = RouteJson.readData(json);
            return Route.restored(path, target(String.valueOf(data.get("target"))), data, lastMillis, nowMillis);
        } catch (IOException e) {
            throw new IllegalStateException("the route " + path + " is no JSON", e);
        }
    }

    private static Target target(String raw) {
        try {
            return Target.parse(raw);
        } catch (IllegalArgumentException e) {
            // Kept when it could be read; another version of the proxy is stricter. The hub still gets back what it
            // put.
            return Target.unusable(raw, String.valueOf(e.getMessage()));
        }
    }

    /** How such a route is written. */
    static final class Type extends BasicDataType<KeptRoute> {
        private static final int OBJECT_BYTES = 56;

        @Override
        public int getMemory(KeptRoute route) {
            return OBJECT_BYTES + route.json.length;
        }

        @Override
        public void write(WriteBuffer buffer, KeptRoute route) {
            buffer.putLong(route.lastMillis).putVarInt(route.json.length).put(route.json);
        }

        @Override
        public KeptRoute read(ByteBuffer buffer) {
            long lastMillis = buffer.getLong();
            byte[] json = new byte[Text.length(buffer)];
            buffer.get(json);
            return new KeptRoute(lastMillis, json);
        }

        @Override
        public KeptRoute[] createStorage(int size) {
            return new KeptRoute[size];
        }
    }
}
