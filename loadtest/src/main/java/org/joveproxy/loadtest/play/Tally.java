package org.joveproxy.loadtest.play;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The books of a play: what was asked, how it was judged, how long it took. Confined to the play's loop. */
public final class Tally {
    private static final int MOST_EXAMPLES = 40;
    private static final long LONGEST_MICROS = 120_000_000;

    private final long startedAt = System.nanoTime();
    private final Map<Kind, Line> lines = new EnumMap<>(Kind.class);
    private final Map<Judgement, Long> sums = new EnumMap<>(Judgement.class);
    private final TreeMap<Integer, Second> seconds = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();

    /** What is kept of one kind. */
    public static final class Line {
        private final Map<Judgement, Long> counts = new EnumMap<>(Judgement.class);
        private final Histogram micros = new Histogram(LONGEST_MICROS, 2);

        /** How many were judged so. */
        public long count(Judgement judgement) {
            return counts.getOrDefault(judgement, 0L);
        }

        /** How many there were in all. */
        public long total() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Milliseconds that {@code percentile} percent of the good ones did not exceed. */
        public double millis(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    /** What happened in one second. */
    public static final class Second {
        /** Whole answers. */
        public long answered;
        /** 5xx and refusals for servers that are gone, and while the hub hangs. */
        public long excused;
        /** What nothing excuses. */
        public long failed;
    }

    /** Notes how something of {@code kind} ended. {@code what} is for the reader who wants an example of a failure. */
    void note(Kind kind, Judgement judgement, Reply reply, String what) {
        Line line = lines.computeIfAbsent(kind, unknown -> new Line());
        line.counts.merge(judgement, 1L, Long::sum);
        sums.merge(judgement, 1L, Long::sum);
        Second second = second();
        switch (judgement) {
            case GOOD -> {
                second.answered++;
                line.micros.recordValue(Math.min(LONGEST_MICROS, reply.nanos() / 1000));
            }
            case GONE, HUB_HANGS -> second.excused++;
            case FAILED -> {
                second.failed++;
                failed(kind, reply, what);
            }
            case NO_SERVER -> second.answered++;
            case CHANGING, LEFT -> {}
        }
    }

    private void failed(Kind kind, Reply reply, String what) {
        String status = reply.status() == 0 ? "no answer" : Integer.toString(reply.status());
        String why = reply.trouble().isEmpty() ? status : status + ", " + reply.trouble();
        failures.merge(kind.label() + ": " + why.replaceAll("\\d{4,}", "N"), 1L, Long::sum);
        if (examples.size() < MOST_EXAMPLES) {
            double at = (System.nanoTime() - startedAt) / 1e9;
            examples.add(String.format(Locale.ROOT, "%.1f s: %s %s: %s", at, kind.label(), what, why));
        }
    }

    private Second second() {
        return seconds.computeIfAbsent(
                (int) ((System.nanoTime() - startedAt) / 1_000_000_000), unknown -> new Second());
    }

    /** How many were judged so, over all kinds. */
    public long count(Judgement judgement) {
        return sums.getOrDefault(judgement, 0L);
    }

    /** The kinds that occurred. */
    public Map<Kind, Line> lines() {
        return lines;
    }

    /** By seconds since the play began. */
    public Map<Integer, Second> seconds() {
        return seconds;
    }

    /** The failures by kind and reason, with their numbers. */
    public Map<String, Long> failures() {
        return failures;
    }

    /** The first failures, with time and path. */
    public List<String> examples() {
        return examples;
    }
}
