package org.joveproxy.loadtest.scenario;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.kernel.Watcher;
import org.joveproxy.loadtest.stage.Routes;
import org.joveproxy.loadtest.stage.Stage;
import org.joveproxy.loadtest.subject.LogCount;
import org.joveproxy.loadtest.subject.Subject;
import org.joveproxy.loadtest.subject.SubjectCommand;
import org.joveproxy.loadtest.subject.SubjectException;
import org.joveproxy.loadtest.subject.SubjectOptions;

/**
 * One scenario with one subject: the stage, the subject's starts, and what is recorded of it. Closing it ends all of them.
 *
 * <p>Confined to the thread that runs the scenario, except {@link #mark} and {@link #seconds}, which any thread may call.
 */
public final class Act implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final SubjectCommand command;
    private final SubjectOptions options;
    private final Path folder;
    private final Progress progress;
    private final Isolation isolation;
    private final Stage stage = new Stage();
    private final long began = System.nanoTime();
    private final List<Started> started = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    /** @param folder for the logs; must exist */
    public Act(SubjectCommand command, SubjectOptions options, Path folder, Progress progress, Isolation isolation) {
        this.command = command;
        this.options = options;
        this.folder = folder;
        this.progress = progress;
        this.isolation = isolation;
    }

    /** Name of the subject. */
    public String name() {
        return command.name();
    }

    public Stage stage() {
        return stage;
    }

    public Progress progress() {
        return progress;
    }

    public Isolation isolation() {
        return isolation;
    }

    /** Where the report goes, for what else is to be kept with it. */
    public Path folder() {
        return folder;
    }

    /**
     * Starts the subject. Whoever starts it closes it; a scenario may start it several times, best not at the same time.
     *
     * @param target the hub: the default target, and the error target with {@code /hub/error} behind it
     * @param flags of configurable-http-proxy, further to addresses, ports and targets
     */
    public Running start(String target, String... flags) throws SubjectException {
        return start(options, target, flags);
    }

    /**
     * Starts the subject with a folder in which it may keep what has to outlive it. It is told so by its environment, which
     * a proxy without such a thing ignores.
     */
    public Running startKeeping(Path state, String target, String... flags) throws SubjectException {
        return start(options.withVariable("JOVE_STATE_DIR", state.toString()), target, flags);
    }

    private Running start(SubjectOptions with, String target, String... flags) throws SubjectException {
        Path log = folder.resolve(fileName() + (started.isEmpty() ? "" : "-" + (started.size() + 1)) + ".log");
        return watched(Subject.start(command, with, target, List.of(flags), log), true);
    }

    /**
     * Starts one of several that run at the same time and take the same token. What the kernel says of it is not among
     * {@link #samples}, which are of one process at a time.
     */
    public Running startReplica(String replica, String token, String target, String... flags) throws SubjectException {
        Path log = folder.resolve(fileName() + "-" + replica + ".log");
        SubjectOptions with = options.withVariable("CONFIGPROXY_AUTH_TOKEN", token);
        return watched(Subject.start(command, with, target, List.of(flags), log), false);
    }

    /** Starts what {@code earlier} was once more, by the same command with the same ports; it must have ended. */
    public Running again(Running earlier) throws SubjectException {
        boolean isAlone = started.stream().anyMatch(start -> start.running().equals(earlier) && start.isAlone());
        return watched(earlier.subject().again(), isAlone);
    }

    private Running watched(Subject subject, boolean isAlone) {
        double offset = seconds();
        Watcher watcher =
                new Watcher(subject.pid(), () -> stage.sides(subject.publicPort(), subject.apiPort()), INTERVAL);
        if (isAlone) {
            watcher.onSample(sample -> progress.status(describe(sample)));
        }
        Running running = new Running(subject, watcher, new Routes(subject));
        started.add(new Started(running, offset, isAlone));
        return running;
    }

    private String fileName() {
        return command.name().replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private String describe(Sample sample) {
        return String.format(
                Locale.ROOT,
                "%s: %.0f MiB, %.0f %% CPU, %d descriptors, sockets: %s",
                command.name(),
                sample.rssMib(),
                sample.cpuPercent(),
                sample.descriptors(),
                sample.sockets());
    }

    /** Seconds since this act began: the time of all plots. */
    public double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Writes a step of the scenario on the terminal and into the plots. */
    public void mark(String text) {
        progress.step(command.name() + ": " + text);
        synchronized (marks) {
            marks.add(new Mark(seconds(), text));
        }
    }

    public List<Mark> marks() {
        synchronized (marks) {
            return List.copyOf(marks);
        }
    }

    /** What the kernel said of all starts of the subject, on this act's time; without those that ran beside one another. */
    public List<Sample> samples() {
        List<Sample> all = new ArrayList<>();
        for (Started start : started) {
            if (!start.isAlone()) {
                continue;
            }
            for (Sample s : start.running().watcher().samples()) {
                all.add(new Sample(
                        s.seconds() + start.offset(),
                        s.rssKib(),
                        s.cpuSeconds(),
                        s.cpuPercent(),
                        s.threads(),
                        s.descriptors(),
                        s.sockets(),
                        s.unixSockets(),
                        s.timeWait()));
            }
        }
        return all;
    }

    /** Lines that all starts of the subject have logged. */
    public LogCount logged() {
        LogCount sum = new LogCount(0, 0, 0, 0, 0);
        for (Started start : started) {
            sum = sum.and(start.running().subject().log().count());
        }
        return sum;
    }

    /** The command lines of all starts, each once. */
    public List<String> commandLines() {
        return started.stream()
                .map(start -> String.join(" ", start.running().subject().commandLine()))
                .distinct()
                .toList();
    }

    /** Whether every start of the subject had the memory limit that was asked for. */
    public boolean hadMemoryLimit() {
        return started.stream().allMatch(start -> start.running().subject().hasMemoryLimit());
    }

    /** What was done to limit the memory of the subject, for the report. */
    public String memoryLimit() {
        return started.isEmpty() ? "" : started.get(0).running().subject().memoryLimit();
    }

    @Override
    public void close() {
        for (Started start : started) {
            start.running().close();
        }
        stage.close();
    }

    /**
     * @param offset seconds of the act at which its watcher began
     * @param isAlone whether no other start of the subject ran at the same time
     */
    private record Started(Running running, double offset, boolean isAlone) {}
}
