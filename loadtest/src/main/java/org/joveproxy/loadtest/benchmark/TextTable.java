package org.joveproxy.loadtest.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The figures of a scenario in columns, for people. Any thread may call it. */
final class TextTable {
    static final List<String> COLUMNS = List.of(
            "proxy",
            "cost (range)",
            "ratio (range)",
            "kernel",
            "per second",
            "p50 ms",
            "p99 ms",
            "core",
            "others",
            "RSS MiB idle/loaded");

    private TextTable() {}

    static String of(Result result) {
        StringBuilder text = new StringBuilder(result.title() + ": " + result.unit() + "\n");
        List<List<String>> rows = new ArrayList<>(List.of(COLUMNS));
        rows.addAll(rows(result));
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int number = column;
                int width = rows.stream()
                        .mapToInt(other -> other.get(number).length())
                        .max()
                        .orElse(0);
                text.append("  ")
                        .append(row.get(column))
                        .append(" ".repeat(width - row.get(column).length()));
            }
            text.append("\n");
        }
        result.failures()
                .forEach((proxy, why) -> text.append("  ")
                        .append(proxy)
                        .append(" FAILED: ")
                        .append(why)
                        .append("\n"));
        return text.toString();
    }

    /** A row for each proxy, with a cell for each of {@link #COLUMNS}. */
    static List<List<String>> rows(Result result) {
        return result.figures().stream().map(TextTable::row).toList();
    }

    private static List<String> row(Figures figures) {
        Spread ratio = figures.ratio();
        Figures.Loaded loaded = figures.loaded();
        List<String> cells = new ArrayList<>(List.of(
                figures.proxy(),
                figures.cost().text(digits(figures.cost().median())),
                ratio == null ? "-" : ratio.text(2)));
        if (loaded == null) {
            cells.addAll(List.of("-", "-", "-", "-", "-", "-"));
        } else {
            cells.addAll(List.of(
                    percent(loaded.kernelShare()),
                    String.format(Locale.ROOT, "%.1f", loaded.perSecond().median()),
                    millis(loaded.p50Millis()),
                    millis(loaded.p99Millis()),
                    percent(loaded.proxyShare()) + (loaded.isSaturated() ? "" : " not saturated"),
                    percent(loaded.othersShare())));
        }
        cells.add(memory(figures.memory()));
        return cells;
    }

    /** A cost without its range. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%." + digits(value) + "f", value);
    }

    private static int digits(double value) {
        if (value >= 100) {
            return 0;
        }
        return value >= 10 ? 1 : 2;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    private static String millis(double millis) {
        return millis == 0 ? "-" : String.format(Locale.ROOT, "%.2f", millis);
    }

    private static String memory(@Nullable Memory memory) {
        return memory == null
                ? "-"
                : String.format(Locale.ROOT, "%.0f/%.0f", memory.idleKib() / 1024.0, memory.loadedKib() / 1024.0);
    }
}
