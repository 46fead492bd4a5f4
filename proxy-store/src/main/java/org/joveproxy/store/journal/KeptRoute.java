package org.joveproxy.store.journal;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.Target;
import org.joveproxy.store.RouteJson;
import org.joveproxy.store.StoredData;

/**
 * A route as it is in the file: when it was last used by the time it was put there, in milliseconds, where it leads, and the
 * JSON object that it was registered with, which says so too: a start needs the one and not the other.
 *
 * <p>Immutable.
 *
 * @param json in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed after it was made
record KeptRoute(long lastMillis, String target, byte[] json) {
    static final Type TYPE = new Type();

    static KeptRoute of(Route route) {
        return new KeptRoute(route.activity().lastMillis(), route.target().raw(), RouteJson.dataBytes(route));
    }

    /** This route when it was last used at {@code millis}. */
    KeptRoute lastUsed(long millis) {
        return new KeptRoute(millis, target, json);
    }

    /** The route of {@code path}, last used at {@code usedMillis}. */
    Route restored(String path, long usedMillis, long nowMillis) {
        return Route.restored(path, target(target), new StoredData(json), usedMillis, nowMillis);
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
            return OBJECT_BYTES + Text.TYPE.getMemory(route.target) + route.json.length;
        }

        @Override
        public void write(WriteBuffer buffer, KeptRoute route) {
            buffer.putLong(route.lastMillis);
            Text.TYPE.write(buffer, route.target);
            buffer.putVarInt(route.json.length).put(route.json);
        }

        @Override
        public KeptRoute read(ByteBuffer buffer) {
            long lastMillis = buffer.getLong();
            String target = Text.TYPE.read(buffer);
            byte[] json = new byte[Text.length(buffer)];
            buffer.get(json);
            return new KeptRoute(lastMillis, target, json);
        }

        @Override
        public KeptRoute[] createStorage(int size) {
            return new KeptRoute[size];
        }
    }
}
