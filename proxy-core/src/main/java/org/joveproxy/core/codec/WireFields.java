package org.joveproxy.core.codec;

import io.netty.handler.codec.CharSequenceValueConverter;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a plain head: those that came, as lines of bytes of which some may be removed, and behind them those that
 * were added.
 *
 * <p>It does what {@link io.netty.handler.codec.http.DefaultHttpHeaders} does, in the same order, and writes itself by
 * copying lines. Names are looked for one by one, which is fast for the few fields that a head has. Values are ISO 8859-1.
 * Confined to the event loop of its message.
 */
@EventLoopConfined
public final class WireFields extends HttpHeaders {
    /** Heads of more fields are not plain: a bit of a {@code long} says whether a line is still there. */
    static final int MOST_LINES = Long.SIZE;

    /** Between a name and its value. */
    private static final int SEPARATOR_LENGTH = 2;

    private static final int LINE_END_LENGTH = 2;

    // Of each line: where its name and its value end. It begins where the one before ends.
    private static final int STRIDE = 2;
    private static final int VALUE_END = 1;
    private static final int USUAL_LINES = 16;
    private static final int USUAL_ADDITIONS = 8;

    // Connection has this value nearly always, and is asked for several times a message: no new string each time.
    private static final String KEEP_ALIVE = HttpHeaderValues.KEEP_ALIVE.toString();

    private final byte[] bytes;
    private final int start;
    private int[] bounds = new int[USUAL_LINES * STRIDE];
    private int lines;
    private long kept;
    // A bit for each name that is or was there: most of those that are asked for are not, and need no look at the
    // lines.
    private long names;

    private CharSequence[] addedNames = new CharSequence[USUAL_ADDITIONS];
    private CharSequence[] addedValues = new CharSequence[USUAL_ADDITIONS];
    private int added;

    /** Fields whose lines lie in {@code bytes}, which nobody may change any more, from {@code start} on. */
    WireFields(byte[] bytes, int start) {
        this.bytes = bytes;
        this.start = start;
    }

    /** Takes a line {@code name: value CRLF}, which follows the one before directly. */
    void addLine(int nameEnd, int valueEnd) {
        int at = lines * STRIDE;
        if (at == bounds.length) {
            bounds = Arrays.copyOf(bounds, at * 2);
        }
        int from = lineStart(lines);
        names |= bit(nameEnd - from, bytes[from]);
        bounds[at] = nameEnd;
        bounds[at + VALUE_END] = valueEnd;
        kept |= 1L << lines;
        lines++;
    }

    // ---- writing ----

    /** How many bytes {@link #writeTo} writes. */
    int encodedLength() {
        int length = 0;
        for (int i = 0; i < lines; i++) {
            if (isKept(i)) {
                length += lineEnd(i) - lineStart(i);
            }
        }
        for (int i = 0; i < added; i++) {
            length += addedNames[i].length() + SEPARATOR_LENGTH + addedValues[i].length() + LINE_END_LENGTH;
        }
        return length;
    }

    /** Writes all lines into {@code out} from {@code at} on, and returns where they end. */
    int writeTo(byte[] out, int at) {
        int end = at;
        int next = 0;
        while (next < lines) {
            if (!isKept(next)) {
                next++;
                continue;
            }
            int first = next;
            do {
                next++;
            } while (next < lines && isKept(next));
            int length = lineEnd(next - 1) - lineStart(first);
            System.arraycopy(bytes, lineStart(first), out, end, length);
            end += length;
        }
        for (int i = 0; i < added; i++) {
            end = Ascii.write(addedNames[i], out, end);
            out[end++] = ':';
            out[end++] = ' ';
            end = Ascii.write(addedValues[i], out, end);
            end = Ascii.endLine(out, end);
        }
        return end;
    }

    // ---- lines ----

    private static long bit(int length, byte first) {
        return 1L << (length * 7 + Ascii.lower(first));
    }

    private boolean mayHave(CharSequence name) {
        return !name.isEmpty() && (names & bit(name.length(), (byte) name.charAt(0))) != 0;
    }

    private boolean isKept(int line) {
        return (kept & (1L << line)) != 0;
    }

    private int lineStart(int line) {
        return line == 0 ? start : lineEnd(line - 1);
    }

    private int nameEnd(int line) {
        return bounds[line * STRIDE];
    }

    private int lineEnd(int line) {
        return bounds[line * STRIDE + VALUE_END] + LINE_END_LENGTH;
    }

    private int valueStart(int line) {
        return nameEnd(line) + SEPARATOR_LENGTH;
    }

    private int valueEnd(int line) {
        return bounds[line * STRIDE + VALUE_END];
    }

    private boolean isNamed(int line, CharSequence name) {
        int from = lineStart(line);
        int length = nameEnd(line) - from;
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Ascii.lower(bytes[from + i]) != Ascii.lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private String name(int line) {
        int from = lineStart(line);
        return new String(bytes, from, nameEnd(line) - from, StandardCharsets.ISO_8859_1);
    }

    private String value(int line) {
        int from = valueStart(line);
        int length = valueEnd(line) - from;
        return isKeepAlive(from, length) ? KEEP_ALIVE : new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private boolean isKeepAlive(int from, int length) {
        if (length != KEEP_ALIVE.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[from + i] != KEEP_ALIVE.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int findLine(CharSequence name) {
        for (int i = 0; i < lines; i++) {
            if (isKept(i) && isNamed(i, name)) {
                return i;
            }
        }
        return -1;
    }

    private int findAdded(CharSequence name) {
        for (int i = 0; i < added; i++) {
            if (AsciiString.contentEqualsIgnoreCase(addedNames[i], name)) {
                return i;
            }
        }
        return -1;
    }

    // ---- reading ----

    @Override
    public @Nullable String get(CharSequence name) {
        if (!mayHave(name)) {
            return null;
        }
        int line = findLine(name);
        if (line >= 0) {
            return value(line);
        }
        int addition = findAdded(name);
        return addition < 0 ? null : addedValues[addition].toString();
    }

    @Override
    public @Nullable String get(String name) {
        return get((CharSequence) name);
    }

    /** The value of the line of that name, or null when there is none, or more than one. */
    @Nullable
    String onlyValue(CharSequence name) {
        String value = null;
        for (int i = 0; i < lines; i++) {
            if (isKept(i) && isNamed(i, name)) {
                if (value != null) {
                    return null;
                }
                value = value(i);
            }
        }
        return value;
    }

    @Override
    public List<String> getAll(CharSequence name) {
        if (!mayHave(name)) {
            return Collections.emptyList();
        }
        List<String> values = null;
        for (int i = 0; i < lines; i++) {
            if (isKept(i) && isNamed(i, name)) {
                values = with(value(i), values);
            }
        }
        for (int i = 0; i < added; i++) {
            if (AsciiString.contentEqualsIgnoreCase(addedNames[i], name)) {
                values = with(addedValues[i].toString(), values);
            }
        }
        return values == null ? Collections.emptyList() : values;
    }

    private static List<String> with(String value, @Nullable List<String> values) {
        if (values == null) {
            return List.of(value);
        }
        List<String> more = new ArrayList<>(values);
        more.add(value);
        return more;
    }

    @Override
    public List<String> getAll(String name) {
        return getAll((CharSequence) name);
    }

    @Override
    public boolean contains(CharSequence name) {
        return mayHave(name) && (findLine(name) >= 0 || findAdded(name) >= 0);
    }

    @Override
    public boolean contains(String name) {
        return contains((CharSequence) name);
    }

    @Override
    public Iterator<? extends CharSequence> valueCharSequenceIterator(CharSequence name) {
        return getAll(name).iterator();
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> entries = new ArrayList<>(size());
        for (int i = 0; i < lines; i++) {
            if (isKept(i)) {
                entries.add(new SimpleImmutableEntry<>(name(i), value(i)));
            }
        }
        for (int i = 0; i < added; i++) {
            entries.add(new SimpleImmutableEntry<>(addedNames[i].toString(), addedValues[i].toString()));
        }
        return entries;
    }

    @Override
    @SuppressWarnings("deprecation") // the parent still asks for it
    public Iterator<Map.Entry<String, String>> iterator() {
        return entries().iterator();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        List<Map.Entry<CharSequence, CharSequence>> entries = new ArrayList<>(size());
        for (Map.Entry<String, String> entry : entries()) {
            entries.add(new SimpleImmutableEntry<>(entry.getKey(), entry.getValue()));
        }
        return entries.iterator();
    }

    @Override
    public boolean isEmpty() {
        return kept == 0 && added == 0;
    }

    @Override
    public int size() {
        return Long.bitCount(kept) + added;
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Map.Entry<String, String> entry : entries()) {
            names.add(entry.getKey());
        }
        return names;
    }

    @Override
    public @Nullable Integer getInt(CharSequence name) {
        String value = get(name);
        try {
            return value == null ? null : Integer.valueOf(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public int getInt(CharSequence name, int defaultValue) {
        Integer value = getInt(name);
        return value == null ? defaultValue : value;
    }

    @Override
    public @Nullable Short getShort(CharSequence name) {
        String value = get(name);
        try {
            return value == null ? null : Short.valueOf(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public short getShort(CharSequence name, short defaultValue) {
        Short value = getShort(name);
        return value == null ? defaultValue : value;
    }

    @Override
    public @Nullable Long getTimeMillis(CharSequence name) {
        String value = get(name);
        try {
            return value == null ? null : CharSequenceValueConverter.INSTANCE.convertToTimeMillis(value);
        } catch (RuntimeException e) {
            return null;
        }
    }

    @Override
    public long getTimeMillis(CharSequence name, long defaultValue) {
        Long value = getTimeMillis(name);
        return value == null ? defaultValue : value;
    }

    // ---- changing ----

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        CharSequence text =
                value instanceof CharSequence chars ? chars : CharSequenceValueConverter.INSTANCE.convertObject(value);
        // Those of this kind are constants of the code.
        if (name.isEmpty() || (!(name instanceof AsciiString) && HttpHeaderValidationUtil.validateToken(name) >= 0)) {
            throw new IllegalArgumentException("a field's name: " + name + " (expected: a token)");
        }
        if (!(text instanceof AsciiString) && HttpHeaderValidationUtil.validateValidHeaderValue(text) >= 0) {
            throw new IllegalArgumentException("the value of " + name + " holds a character that no field may hold");
        }
        if (added == addedNames.length) {
            addedNames = Arrays.copyOf(addedNames, added * 2);
            addedValues = Arrays.copyOf(addedValues, added * 2);
        }
        names |= bit(name.length(), (byte) name.charAt(0));
        addedNames[added] = name;
        addedValues[added] = text;
        added++;
        return this;
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        return add((CharSequence) name, value);
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> values) {
        for (Object value : values) {
            add((CharSequence) name, value);
        }
        return this;
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        return add(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        return add(name, Short.toString(value));
    }

    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        return remove(name).add(name, value);
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        return set((CharSequence) name, value);
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> values) {
        return remove(name).add(name, values);
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        return set(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        return set(name, Short.toString(value));
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        if (!mayHave(name)) {
            return this;
        }
        for (int i = 0; i < lines; i++) {
            if (isKept(i) && isNamed(i, name)) {
                kept &= ~(1L << i);
            }
        }
        int left = 0;
        for (int i = 0; i < added; i++) {
            if (!AsciiString.contentEqualsIgnoreCase(addedNames[i], name)) {
                addedNames[left] = addedNames[i];
                addedValues[left] = addedValues[i];
                left++;
            }
        }
        added = left;
        return this;
    }

    @Override
    public HttpHeaders remove(String name) {
        return remove((CharSequence) name);
    }

    @Override
    public HttpHeaders clear() {
        kept = 0;
        added = 0;
        return this;
    }
}
