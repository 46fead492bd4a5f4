package org.joveproxy.core.routing;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The children of one trie node by their segments: a persistent map, of which a change copies a few small arrays
 * however many children there are.
 *
 * <p>Immutable.
 */
final class Branches {
    // A hash array mapped trie. Each level looks at five bits of a segment's hash; the bitmap says which of the 32
    // slots are in use, and only those are in the array. A slot holds a child, a deeper level, or, for the rare
    // segments whose hashes are equal in all 32 bits, an array of children.
    private static final int BITS = 5;

    static final Branches NONE = new Branches(0, new Object[0]);

    private final int bitmap;
    private final Object[] slots;

    private Branches(int bitmap, Object[] slots) {
        this.bitmap = bitmap;
        this.slots = slots;
    }

    /** These {@code children}, whose segments differ. Their order in the list is lost. */
    static Branches of(List<RouteTrie> children) {
        if (children.isEmpty()) {
            return NONE;
        }
        RouteTrie[] all = children.toArray(new RouteTrie[0]);
        int[] hashes = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            hashes[i] = hash(all[i].segment());
        }
        return new Building(all, hashes).level(0, all.length, 0);
    }

    /** Makes levels of children that are all known from the start, each array once and in its size. */
    private static final class Building {
        private static final int SLOTS = 1 << BITS;

        private final RouteTrie[] children;
        private final int[] hashes;
        private final RouteTrie[] sorted;
        private final int[] sortedHashes;

        Building(RouteTrie[] children, int[] hashes) {
            this.children = children;
            this.hashes = hashes;
            this.sorted = new RouteTrie[children.length];
            this.sortedHashes = new int[children.length];
        }

        /** The level that looks at the bits from {@code shift} on, of the children from {@code from} to {@code to}. */
        Branches level(int from, int to, int shift) {
            int[] ends = sort(from, to, shift);
            int bitmap = 0;
            int used = 0;
            for (int slot = 0, start = from; slot < SLOTS; start = ends[slot++]) {
                if (ends[slot] > start) {
                    bitmap |= 1 << slot;
                    used++;
                }
            }
            Object[] slots = new Object[used];
            int index = 0;
            for (int slot = 0, start = from; slot < SLOTS; start = ends[slot++]) {
                if (ends[slot] > start) {
                    slots[index++] = slot(start, ends[slot], shift);
                }
            }
            return new Branches(bitmap, slots);
        }

        private Object slot(int from, int to, int shift) {
            if (to - from == 1) {
                return children[from];
            }
            for (int i = from + 1; i < to; i++) {
                if (hashes[i] != hashes[from]) {
                    return level(from, to, shift + BITS);
                }
            }
            return Arrays.copyOfRange(children, from, to);
        }

        /** Brings the children of one slot together, slot by slot. Returns where those of each slot end. */
        private int[] sort(int from, int to, int shift) {
            int[] ends = new int[SLOTS];
            for (int i = from; i < to; i++) {
                ends[slotOf(hashes[i], shift)]++;
            }
            for (int slot = 0, sum = from; slot < SLOTS; slot++) {
                int count = ends[slot];
                ends[slot] = sum;
                sum += count;
            }
            for (int i = from; i < to; i++) {
                int at = ends[slotOf(hashes[i], shift)]++;
                sorted[at] = children[i];
                sortedHashes[at] = hashes[i];
            }
            System.arraycopy(sorted, from, children, from, to - from);
            System.arraycopy(sortedHashes, from, hashes, from, to - from);
            return ends;
        }

        private static int slotOf(int hash, int shift) {
            return (hash >>> shift) & (SLOTS - 1);
        }
    }

    /** The child whose segment is {@code path} from {@code start} to {@code end}, or null when there is none. */
    @Nullable
    RouteTrie find(String path, int start, int end) {
        int hash = hash(path, start, end);
        Branches level = this;
        for (int shift = 0; ; shift += BITS) {
            int bit = bit(hash, shift);
            if ((level.bitmap & bit) == 0) {
                return null;
            }
            Object slot = level.slots[level.index(bit)];
            if (slot instanceof Branches deeper) {
                level = deeper;
            } else if (slot instanceof RouteTrie child) {
                return isAt(child, path, start, end) ? child : null;
            } else {
                return find((RouteTrie[]) slot, path, start, end);
            }
        }
    }

    private static @Nullable RouteTrie find(RouteTrie[] equalHashes, String path, int start, int end) {
        for (RouteTrie child : equalHashes) {
            if (isAt(child, path, start, end)) {
                return child;
            }
        }
        return null;
    }

    private static boolean isAt(RouteTrie child, String path, int start, int end) {
        String segment = child.segment();
        return segment.length() == end - start && path.startsWith(segment, start);
    }

    /** These children and {@code child}, which takes the place of one with the same segment. */
    Branches with(RouteTrie child) {
        return with(child, hash(child.segment()), 0);
    }

    private Branches with(RouteTrie child, int hash, int shift) {
        int bit = bit(hash, shift);
        int index = index(bit);
        if ((bitmap & bit) == 0) {
            return new Branches(bitmap | bit, inserted(slots, index, child));
        }
        return new Branches(bitmap, replaced(slots, index, merged(slots[index], child, hash, shift)));
    }

    /** What stands in a slot that is in use when {@code child} comes to it. */
    private static Object merged(Object slot, RouteTrie child, int hash, int shift) {
        if (slot instanceof Branches deeper) {
            return deeper.with(child, hash, shift + BITS);
        }
        RouteTrie[] present = slot instanceof RouteTrie one ? new RouteTrie[] {one} : (RouteTrie[]) slot;
        int presentHash = hash(present[0].segment());
        if (presentHash != hash) {
            Branches deeper = new Branches(bit(presentHash, shift + BITS), new Object[] {slot});
            return deeper.with(child, hash, shift + BITS);
        }
        int same = indexOf(present, child.segment());
        if (same < 0) {
            RouteTrie[] more = Arrays.copyOf(present, present.length + 1);
            more[present.length] = child;
            return more;
        }
        if (present.length == 1) {
            return child;
        }
        RouteTrie[] changed = present.clone();
        changed[same] = child;
        return changed;
    }

    /** These children without the one whose segment is {@code segment}. */
    Branches without(String segment) {
        return without(segment, hash(segment), 0);
    }

    private Branches without(String segment, int hash, int shift) {
        int bit = bit(hash, shift);
        if ((bitmap & bit) == 0) {
            return this;
        }
        int index = index(bit);
        Object slot = slots[index];
        Object left = left(slot, segment, hash, shift);
        if (left == slot) {
            return this;
        }
        if (left != null) {
            return new Branches(bitmap, replaced(slots, index, left));
        }
        return bitmap == bit ? NONE : new Branches(bitmap & ~bit, removed(slots, index));
    }

    /** What is left of {@code slot} without the child at {@code segment}; null when that is nothing. */
    private static @Nullable Object left(Object slot, String segment, int hash, int shift) {
        if (slot instanceof Branches deeper) {
            return deeper.without(segment, hash, shift + BITS).unwrapped();
        }
        if (slot instanceof RouteTrie child) {
            return child.segment().equals(segment) ? null : slot;
        }
        RouteTrie[] present = (RouteTrie[]) slot;
        int same = indexOf(present, segment);
        if (same < 0) {
            return slot;
        }
        if (present.length == 2) {
            return present[1 - same];
        }
        RouteTrie[] fewer = Arrays.copyOf(present, present.length - 1);
        System.arraycopy(present, same + 1, fewer, same, present.length - same - 1);
        return fewer;
    }

    /** The only thing in this level if it can stand one level higher, null if there is nothing, otherwise this. */
    private @Nullable Object unwrapped() {
        if (slots.length == 0) {
            return null;
        }
        return slots.length == 1 && !(slots[0] instanceof Branches) ? slots[0] : this;
    }

    /** Shows each child to {@code visitor}, in no particular order. */
    void forEach(Consumer<RouteTrie> visitor) {
        for (Object slot : slots) {
            if (slot instanceof Branches deeper) {
                deeper.forEach(visitor);
            } else if (slot instanceof RouteTrie child) {
                visitor.accept(child);
            } else {
                Arrays.asList((RouteTrie[]) slot).forEach(visitor);
            }
        }
    }

    private static int indexOf(RouteTrie[] children, String segment) {
        for (int index = 0; index < children.length; index++) {
            if (children[index].segment().equals(segment)) {
                return index;
            }
        }
        return -1;
    }

    private int index(int bit) {
        return Integer.bitCount(bitmap & (bit - 1));
    }

    private static int bit(int hash, int shift) {
        return 1 << (hash >>> shift);
    }

    private static int hash(String segment) {
        return hash(segment, 0, segment.length());
    }

    private static int hash(String path, int start, int end) {
        int hash = 0;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + path.charAt(at);
        }
        // Segments that differ only at their ends differ only in the low bits; spread them over all levels.
        hash *= 0x9E3779B1;
        return hash ^ (hash >>> 15);
    }

    private static Object[] inserted(Object[] slots, int index, Object slot) {
        Object[] more = new Object[slots.length + 1];
        System.arraycopy(slots, 0, more, 0, index);
        more[index] = slot;
        System.arraycopy(slots, index, more, index + 1, slots.length - index);
        return more;
    }

    private static Object[] replaced(Object[] slots, int index, Object slot) {
        Object[] changed = slots.clone();
        changed[index] = slot;
        return changed;
    }

    private static Object[] removed(Object[] slots, int index) {
        Object[] fewer = new Object[slots.length - 1];
        System.arraycopy(slots, 0, fewer, 0, index);
        System.arraycopy(slots, index + 1, fewer, index, fewer.length - index);
        return fewer;
    }
}
