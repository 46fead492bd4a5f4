package org.joveproxy.loadtest.replicas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What {@code last_activity} has to say: when quiet routes were used, and what each replica's table said of it. Any thread may
 * call any method; this object's monitor guards all. All times are seconds of the act.
 */
final class ActivityBook {
    /** A use through any replica stands in every replica's table after this time. */
    static final double WITHIN_SECONDS = 10;

    /** What a clock that tells milliseconds and a thread that was not scheduled may be off by. */
    private static final double BLUR = 0.1;

    private static final int MOST_COMPLAINTS = 20;

    private final Map<String, List<Use>> uses = new TreeMap<>();
    private final Map<String, List<Reading>> readings = new TreeMap<>();

    /**
     * A request, or the POST that made the route.
     *
     * @param isCertain whether it was answered as it should be, so that it must count
     */
    record Use(double began, double ended, int localPort, boolean isCertain) {
        boolean isWhat(double told) {
            return told >= began - BLUR && told <= ended + BLUR;
        }
    }

    /** One reading of one route in one replica's table. */
    private record Reading(String path, double began, double ended, double told) {}

    /** What came out. */
    record Outcome(int readings, int late, int backwards, int ahead, double longestLag, List<String> complaints) {}

    synchronized void used(String path, Use use) {
        uses.computeIfAbsent(path, unknown -> new ArrayList<>()).add(use);
    }

    /** Notes what the table of {@code replica} said that was read from {@code began} to {@code ended}. */
    synchronized void read(String replica, String path, double began, double ended, double told) {
        readings.computeIfAbsent(replica + " " + path, unknown -> new ArrayList<>())
                .add(new Reading(path, began, ended, told));
    }

    /**
     * Judges all readings.
     *
     * @param mayBeLost whether a use may be forgotten, as its replica was killed before it could tell
     */
    synchronized Outcome judge(Timeline timeline, Predicate<Use> mayBeLost) {
        Count count = new Count();
        Map<Use, Boolean> lost = new HashMap<>();
        uses.values().forEach(all -> all.forEach(use -> lost.put(use, !use.isCertain || mayBeLost.test(use))));
        readings.forEach((key, ofOne) -> {
            double floor = 0;
            for (Reading reading : ofOne) {
                List<Use> known = uses.getOrDefault(reading.path, List.of());
                count.readings++;
                if (reading.told < floor - BLUR) {
                    count.backwards++;
                    count.complain(key, reading, "back from %.3f".formatted(floor));
                }
                double newest = known.stream()
                        .filter(use -> use.began <= reading.ended)
                        .mapToDouble(use -> Math.min(use.ended, reading.ended))
                        .max()
                        .orElse(0);
                if (reading.told > newest + BLUR) {
                    count.ahead++;
                    count.complain(key, reading, "newer than the last use, which ended at %.3f".formatted(newest));
                }
                double due = known.stream()
                        .filter(use -> !lost.getOrDefault(use, false))
                        .filter(use -> timeline.calmFor(WITHIN_SECONDS, use.ended) <= reading.began)
                        .mapToDouble(Use::began)
                        .max()
                        .orElse(0);
                if (reading.told < due - BLUR) {
                    count.late++;
                    count.complain(key, reading, "without the use at %.3f".formatted(due));
                }
                boolean isLost =
                        known.stream().anyMatch(use -> lost.getOrDefault(use, false) && use.isWhat(reading.told));
                floor = isLost ? floor : Math.max(floor, reading.told);
            }
        });
        return new Outcome(
                count.readings, count.late, count.backwards, count.ahead, longestLag(lost), count.complaints);
    }

    /** From the end of a use to the last replica's first reading that shows it, at the worst. */
    private double longestLag(Map<Use, Boolean> lost) {
        double longest = 0;
        for (List<Reading> ofOne : readings.values()) {
            for (Use use : uses.getOrDefault(ofOne.get(0).path, List.of())) {
                double shown = ofOne.stream()
                        .filter(reading -> reading.told >= use.began - BLUR)
                        .mapToDouble(reading -> reading.began)
                        .min()
                        .orElse(use.ended);
                if (!lost.getOrDefault(use, false)) {
                    longest = Math.max(longest, shown - use.ended);
                }
            }
        }
        return longest;
    }

    private static final class Count {
        private int readings;
        private int late;
        private int backwards;
        private int ahead;
        private final List<String> complaints = new ArrayList<>();

        void complain(String key, Reading reading, String what) {
            if (complaints.size() < MOST_COMPLAINTS) {
                complaints.add(
                        String.format(Locale.ROOT, "%.3f s: %s said %.3f: %s", reading.began, key, reading.told, what));
            }
        }
    }
}
