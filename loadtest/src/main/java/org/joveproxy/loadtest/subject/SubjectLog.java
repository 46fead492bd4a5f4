package org.joveproxy.loadtest.subject;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy writes: all of it goes to a file (up to {@link #MAX_FILE_CHARS}), lines are counted by level, and lines above
 * INFO also by what they say once numbers are left out. Any thread may call any method; this object's monitor guards all.
 */
public final class SubjectLog {
    private static final long MAX_FILE_CHARS = 64L << 20;
    private static final int MAX_KINDS = 1000;
    private static final int LAST_LINES = 20;
    private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;]*m");

    /** {@code 12:00:00.000 [ConfigProxy] warn: text}, as CHP writes it, or a level in capitals, as others do. */
    private static final Pattern LEVEL = Pattern.compile(
            "^\\S*\\s*\\[[^\\]]*]\\s+(debug|info|warn|warning|error):\\s*(.*)$", Pattern.CASE_INSENSITIVE);

    private static final Pattern CAPITALS =
            Pattern.compile("\\b(DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\\b[:\\]]?\\s*(.*)$");
    private static final Pattern UNCAUGHT =
            Pattern.compile("uncaught exception|unhandled ?rejection|exception in thread", Pattern.CASE_INSENSITIVE);

    private final Path file;
    private final Deque<String> last = new ArrayDeque<>();
    private final Map<String, Integer> kinds = new HashMap<>();
    private long chars;
    private int info;
    private int warn;
    private int error;
    private int uncaught;
    private int other;

    SubjectLog(Path file) {
        this.file = file;
    }

    /** Reads {@code output} to its end, on a thread of its own. */
    Thread follow(InputStream output) {
        Thread reader = new Thread(() -> readAll(output), "log-" + file.getFileName());
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private void readAll(InputStream output) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
                BufferedWriter copy = Files.newBufferedWriter(
                        file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line);
                chars += line.length();
                if (chars < MAX_FILE_CHARS) {
                    copy.write(line);
                    copy.newLine();
                    copy.flush();
                }
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("closed")) { // the process was ended while we read
                throw new UncheckedIOException(e);
            }
        }
    }

    synchronized void add(String raw) {
        String line = COLOUR.matcher(raw).replaceAll("");
        last.addLast(line);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
        if (UNCAUGHT.matcher(line).find()) {
            uncaught++;
        }
        Matcher level = LEVEL.matcher(line);
        if (!level.find()) {
            level = CAPITALS.matcher(line);
            if (!level.find()) {
                other++;
                return;
            }
        }
        switch (level.group(1).toLowerCase(Locale.ROOT)) {
            case "warn", "warning" -> {
                warn++;
                count("warn: " + level.group(2));
            }
            case "error", "fatal" -> {
                error++;
                count("error: " + level.group(2));
            }
            default -> info++;
        }
    }

    private void count(String text) {
        String kind = text.replaceAll("[0-9]+", "N");
        if (kinds.size() < MAX_KINDS || kinds.containsKey(kind)) {
            kinds.merge(kind, 1, Integer::sum);
        }
    }

    public synchronized LogCount count() {
        return new LogCount(info, warn, error, uncaught, other);
    }

    /** How often each line above INFO was written, numbers left out. A copy. */
    public synchronized Map<String, Integer> kinds() {
        return new HashMap<>(kinds);
    }

    /** The kinds of lines that came after {@code earlier} was taken, the most frequent first, at most {@code max}. */
    public List<String> kindsSince(Map<String, Integer> earlier, int max) {
        List<Map.Entry<String, Integer>> news = new ArrayList<>();
        kinds().forEach((kind, count) -> {
            int more = count - earlier.getOrDefault(kind, 0);
            if (more > 0) {
                news.add(Map.entry(kind, more));
            }
        });
        news.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        return news.stream()
                .limit(max)
                .map(e -> e.getValue() + " x " + e.getKey())
                .toList();
    }

    /** The last lines, for a message about a proxy that did not start. */
    synchronized String lastLines() {
        return String.join("\n", last);
    }
}
