package org.joveproxy.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joveproxy.loadtest.report.HtmlReport;
import org.joveproxy.loadtest.report.JsonReport;
import org.joveproxy.loadtest.report.Report;
import org.joveproxy.loadtest.report.SubjectResult;
import org.joveproxy.loadtest.report.TerminalReport;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Isolation;
import org.joveproxy.loadtest.scenario.Machine;
import org.joveproxy.loadtest.scenario.Progress;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.SubjectCommand;
import org.joveproxy.loadtest.subject.SubjectException;
import org.joveproxy.loadtest.subject.SubjectOptions;

/** One scenario with one subject after the other, and the report. Confined to the thread that performs it. */
final class Run {
    private final String name;
    private final Scenario scenario;
    private final CommonOptions common;
    private final List<String> arguments;
    private final Progress progress = new Progress(System.out, Boolean.getBoolean("loadtest.terminal"));
    private final Isolation isolation = Isolation.ofThisProcess();

    Run(String name, Scenario scenario, CommonOptions common, List<String> arguments) {
        this.name = name;
        this.scenario = scenario;
        this.common = common;
        this.arguments = arguments;
    }

    /** Returns the exit code. */
    int perform() {
        List<SubjectCommand> subjects = common.subjects(System.getProperty("loadtest.home", "."));
        SubjectOptions options = common.subjectOptions();
        String began = OffsetDateTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        try {
            Path folder = folder();
            List<SubjectResult> results = new ArrayList<>();
            for (SubjectCommand subject : subjects) {
                results.add(act(subject, options, folder));
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
            Report report = new Report(name, arguments, began, machine(), results);
            HtmlReport.write(report, folder.resolve("report.html"));
            JsonReport.write(report, folder.resolve("report.json"));
            progress.print("\n" + TerminalReport.of(report) + "report: " + folder.resolve("report.html"));
            return report.exitCode();
        } catch (IOException e) {
            System.err.println("loadtest: " + e);
            return 2;
        }
    }

    private Path folder() throws IOException {
        Path out = common.out();
        if (out == null) {
            out = Path.of("loadtest-" + name + "-"
                    + LocalDateTime.now(ZoneId.systemDefault())
                            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)));
        }
        return Files.createDirectories(out);
    }

    private SubjectResult act(SubjectCommand subject, SubjectOptions options, Path folder) {
        String failure = "";
        Verdict verdict = Verdict.of(List.of());
        try (Act act = new Act(subject, options, folder, progress, isolation)) {
            try {
                verdict = scenario.run(act);
                if (options.memoryBytes() > 0 && !act.hadMemoryLimit()) {
                    verdict = verdict.and(Check.notRun("memory limit", "in force", act.memoryLimit()));
                }
            } catch (SubjectException | IOException e) {
                failure = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                failure = "interrupted";
                Thread.currentThread().interrupt();
            }
            return new SubjectResult(
                    subject.name(),
                    act.commandLines(),
                    act.memoryLimit(),
                    act.seconds(),
                    failure,
                    verdict,
                    act.logged(),
                    act.samples(),
                    act.marks());
        }
    }

    private String machine() {
        return Machine.told() + ", "
                + (isolation.isOwn() ? "network namespace of its own" : "network namespace of the caller");
    }
}
