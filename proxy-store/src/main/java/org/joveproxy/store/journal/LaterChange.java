package org.joveproxy.store.journal;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.jspecify.annotations.Nullable;

/**
 * What became of one path after its file was made, as it is in the file: a route was put there or removed, or the one that is
 * there was used.
 *
 * <p>Immutable.
 *
 * @param lastMillis when the route was last used; 0 when it was removed
 * @param route null unless one was put there
 */
record LaterChange(
        String path, Kind kind, long lastMillis, @Nullable KeptRoute route) {
    static final Type TYPE = new Type();
    static final NumberType NUMBERS = new NumberType();

    private static final int MAX_CHANGES = 1 << 16;
    private static final int OBJECT_BYTES = 48;

    /** What was done; each has a number in the file. */
    enum Kind {
        REMOVED(0),
        PUT(1),
        USED(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    static LaterChange removed(String path) {
        return new LaterChange(path, Kind.REMOVED, 0, null);
    }

    static LaterChange put(String path, KeptRoute route) {
        return new LaterChange(path, Kind.PUT, route.lastMillis(), route);
    }

    static LaterChange used(String path, long lastMillis) {
        return new LaterChange(path, Kind.USED, lastMillis, null);
    }

    /** What has become of the path after this and {@code next}. */
    LaterChange then(LaterChange next) {
        if (next.kind != Kind.USED || kind == Kind.REMOVED) {
            return next.kind == Kind.USED ? this : next;
        }
        return new LaterChange(path, kind, Math.max(lastMillis, next.lastMillis), route);
    }

    /** How such a change is written. */
    static final class Type extends BasicDataType<LaterChange> {
        @Override
        public int getMemory(LaterChange change) {
            KeptRoute route = change.route;
            return OBJECT_BYTES
                    + Text.TYPE.getMemory(change.path)
                    + (route == null ? 0 : KeptRoute.TYPE.getMemory(route));
        }

        @Override
        public void write(WriteBuffer buffer, LaterChange change) {
            buffer.put((byte) change.kind.number());
            Text.TYPE.write(buffer, change.path);
            if (change.route != null) {
                KeptRoute.TYPE.write(buffer, change.route);
            } else if (change.kind == Kind.USED) {
                buffer.putLong(change.lastMillis);
            }
        }

        @Override
        public LaterChange read(ByteBuffer buffer) {
            byte kind = buffer.get();
            String path = Text.TYPE.read(buffer);
            return switch (kind) {
                case 0 -> removed(path);
                case 1 -> put(path, KeptRoute.TYPE.read(buffer));
                case 2 -> used(path, buffer.getLong());
                default -> throw new IllegalStateException("kind of change: " + kind + " (expected: 0 to 2)");
            };
        }

        @Override
        public LaterChange[] createStorage(int size) {
            return new LaterChange[size];
        }
    }

    /** How the numbers of changes are written. Like {@link Text} they do not ask for all the memory there is. */
    static final class NumberType extends BasicDataType<Long> {
        @Override
        public int getMemory(Long number) {
            return Long.BYTES;
        }

        @Override
        public void write(WriteBuffer buffer, Long number) {
            buffer.putVarLong(number);
        }

        @Override
        public Long read(ByteBuffer buffer) {
            return DataUtils.readVarLong(buffer);
        }

        @Override
        public Long[] createStorage(int size) {
            if (size > MAX_CHANGES) {
                throw new IllegalStateException("changes of a page: " + size + " (expected: <= " + MAX_CHANGES + ")");
            }
            return new Long[size];
        }

        @Override
        public int compare(Long a, Long b) {
            return a.compareTo(b);
        }
    }
}
