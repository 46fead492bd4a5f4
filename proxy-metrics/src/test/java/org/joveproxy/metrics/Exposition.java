package org.joveproxy.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Prometheus' text format, read back for comparing. Refuses what the format does not allow.
 *
 * <p>Immutable.
 *
 * @param families what the page says of each series, in the page's order
 */
record Exposition(Map<String, Family> families) {
    private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.*)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_:][a-z0-9_:]*)(?:\\{([^}]*)})? (-?[0-9.]+(?:E-?[0-9]+)?|NaN)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\",?");

    /**
     * One series.
     *
     * @param samples values by name and labels as they stand on the page
     */
    record Family(String help, String type, Map<String, String> samples) {
        /** The names of the labels used, without those that belong to the type. */
        TreeSet<String> labelNames() {
            TreeSet<String> names = new TreeSet<>();
            for (String sample : samples.keySet()) {
                Matcher label = LABEL.matcher(sample);
                while (label.find()) {
                    names.add(label.group(1));
                }
            }
            names.remove("quantile");
            names.remove("le");
            return names;
        }
    }

    static Exposition parse(String page) {
        Map<String, Family> families = new LinkedHashMap<>();
        String help = "";
        String name = "";
        for (String line : page.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            Matcher head = HEAD.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (head.matches() && head.group(1).equals("HELP")) {
                name = head.group(2);
                help = head.group(3);
            } else if (head.matches() && head.group(2).equals(name)) {
                Family before = families.put(name, new Family(help, head.group(3), new LinkedHashMap<>()));
                require(before == null, "declared twice: " + line);
            } else if (sample.matches() && belongs(sample.group(1), name)) {
                Family family = Objects.requireNonNull(families.get(name), line);
                String labels = sample.group(2);
                String key = sample.group(1) + (labels == null ? "" : "{" + labels + "}");
                require(family.samples().put(key, sample.group(3)) == null, "sampled twice: " + line);
            } else {
                throw new IllegalArgumentException("line: " + line + " (expected: text format 0.0.4)");
            }
        }
        return new Exposition(families);
    }

    private static boolean belongs(String sample, String family) {
        return List.of(family, family + "_sum", family + "_count", family + "_bucket")
                .contains(sample);
    }

    private static void require(boolean claim, String otherwise) {
        if (!claim) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    Family family(String name) {
        return Objects.requireNonNull(families.get(name), name);
    }

    /** The value of {@code sample}, its name and labels written as on the page. */
    double value(String sample) {
        for (Family family : families.values()) {
            String value = family.samples().get(sample);
            if (value != null) {
                return Double.parseDouble(value);
            }
        }
        throw new IllegalArgumentException("no sample " + sample + " among " + new ArrayList<>(families.keySet()));
    }

    /** The text of a file beside the tests. */
    static String recorded(String file) {
        try (InputStream in = Exposition.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
