package org.joveproxy.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerSurvey;
import org.joveproxy.core.lifecycle.LedgerTotals;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.store.RouteJson;

/**
 * A survey of the ledger as tables, for people.
 *
 * <p>Any thread may call any method.
 */
final class ConnectionsText {
    private static final int TOP = 10;
    private static final String GAP = "  ";

    private final StringBuilder out = new StringBuilder(2_048);

    private ConnectionsText() {}

    /** The tables that describe {@code survey}, which was finished at {@code time}. */
    static String write(LedgerSurvey survey, Instant time) {
        ConnectionsText text = new ConnectionsText();
        text.totals(survey.totals(), time);
        for (String loop : survey.missing()) {
            text.out.append("MISSING: ").append(loop).append(" did not answer; its sockets are not in this\n");
        }
        text.groups(survey);
        text.top("route", survey.routes());
        text.top("target", survey.targets());
        return text.out.toString();
    }

    private void totals(LedgerTotals totals, Instant time) {
        ConnectionsJson.Sums all = ConnectionsJson.Sums.of(totals);
        out.append("sockets at ").append(RouteJson.TIME.format(time)).append("\n\n");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"role", "opened", "= closed", "+ open", "received", "sent"});
        for (Role role : Role.values()) {
            if (totals.opened(role) > 0) {
                rows.add(new String[] {
                    role.label(),
                    String.valueOf(totals.opened(role)),
                    String.valueOf(totals.closed(role)),
                    String.valueOf(totals.open(role)),
                    bytes(totals.bytesIn(role)),
                    bytes(totals.bytesOut(role))
                });
            }
        }
        rows.add(new String[] {
            "all", String.valueOf(all.opened()), String.valueOf(all.closed()), String.valueOf(all.open()), "", ""
        });
        table(rows, Set.of(0));
        StringBuilder reasons = new StringBuilder();
        for (CloseReason reason : CloseReason.values()) {
            if (totals.closed(reason) > 0) {
                reasons.append(reasons.isEmpty() ? "" : ", ");
                reasons.append(reason.label()).append(' ').append(totals.closed(reason));
            }
        }
        out.append("\nclosed by: ").append(reasons.isEmpty() ? "none" : reasons).append('\n');
    }

    private void groups(LedgerSurvey survey) {
        out.append('\n');
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"role", "phase", "sockets", "oldest", "received", "sent"});
        for (LedgerSurvey.Group group : survey.groups()) {
            rows.add(new String[] {
                group.role().label(),
                group.phase().label(),
                String.valueOf(group.count()),
                duration(group.oldest()),
                bytes(group.bytesIn()),
                bytes(group.bytesOut())
            });
        }
        rows.add(new String[] {"all", "", String.valueOf(survey.matched()), "", "", ""});
        table(rows, Set.of(0, 1));
    }

    private void top(String what, Map<String, Integer> counts) {
        if (counts.isEmpty()) {
            return;
        }
        List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"sockets", what});
        for (Map.Entry<String, Integer> entry : sorted.subList(0, Math.min(TOP, sorted.size()))) {
            rows.add(new String[] {String.valueOf(entry.getValue()), LogText.oneLine(entry.getKey())});
        }
        out.append('\n');
        table(rows, Set.of(1));
        if (sorted.size() > TOP) {
            out.append("and ").append(sorted.size() - TOP).append(" more\n");
        }
    }

    /** Writes {@code rows} in columns, those of {@code words} flush left and the numbers flush right. */
    private void table(List<String[]> rows, Set<Integer> words) {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String blanks = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? "" : GAP).append(words.contains(i) ? row[i] + blanks : blanks + row[i]);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    /** Two units at most: {@code 0.4s}, {@code 59s}, {@code 5m03s}, {@code 2h05m}, {@code 3d04h}. */
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 10) {
            return seconds + "." + duration.toMillisPart() / 100 + "s";
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + twoDigits(seconds % 60) + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h" + twoDigits(seconds / 60 % 60) + "m";
        }
        return seconds / 86_400 + "d" + twoDigits(seconds / 3_600 % 24) + "h";
    }

    private static String twoDigits(long number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }

    /** In the largest unit of 1,024 that leaves at least 1: {@code 512 B}, {@code 1.5 KiB}, {@code 23 MiB}. */
    static String bytes(long bytes) {
        if (bytes < 1_024) {
            return bytes + " B";
        }
        double left = bytes;
        int unit = -1;
        while (left >= 1_024 && unit < 4) {
            left /= 1_024;
            unit++;
        }
        String number = left < 10 ? String.format(Locale.ROOT, "%.1f", left) : String.valueOf((long) left);
        return number + " " + "KMGTP".charAt(unit) + "iB";
    }
}
