package org.joveproxy.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import org.joveproxy.loadtest.scenario.Check;

/** The short table at the end of a run. Any thread may call it. */
public final class TerminalReport {
    private TerminalReport() {}

    /**
     * One line for each check that did not hold or was not run, and one for each subject, followed by its notes when a check did
     * not hold: they say which requests, routes or sockets it was.
     */
    public static String of(Report report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "subject", "check", "expected", "seen"));
        StringBuilder summary = new StringBuilder();
        for (SubjectResult subject : report.subjects()) {
            int held = 0;
            int broken = 0;
            int notRun = 0;
            for (Check check : subject.verdict().checks()) {
                switch (check.status()) {
                    case HELD -> held++;
                    case BROKEN -> {
                        broken++;
                        rows.add(row("BROKEN", subject, check));
                    }
                    case NOT_RUN -> {
                        notRun++;
                        rows.add(row("not run", subject, check));
                    }
                }
            }
            summary.append(subject.name())
                    .append(": ")
                    .append(held)
                    .append(" held, ")
                    .append(broken)
                    .append(" broken, ")
                    .append(notRun)
                    .append(" not run");
            if (!subject.failure().isEmpty()) {
                summary.append("; COULD NOT BE RUN TO THE END: ").append(subject.failure());
            }
            summary.append('\n');
            if (broken > 0) {
                subject.verdict()
                        .notes()
                        .forEach(note -> summary.append("  ").append(note).append('\n'));
            }
        }
        return (rows.size() > 1 ? aligned(rows) + "\n" : "") + summary;
    }

    private static List<String> row(String status, SubjectResult subject, Check check) {
        return List.of(status, subject.name(), check.name(), check.bound(), check.value());
    }

    static String aligned(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
