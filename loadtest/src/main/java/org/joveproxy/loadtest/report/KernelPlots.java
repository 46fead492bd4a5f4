package org.joveproxy.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.kernel.TcpState;
import org.joveproxy.loadtest.scenario.Plot;

/** The plots that every report has, from what the kernel said of a subject. Any thread may call it. */
final class KernelPlots {
    private KernelPlots() {}

    static List<Plot> of(List<Sample> samples) {
        if (samples.isEmpty()) {
            return List.of();
        }
        List<Plot> plots = new ArrayList<>();
        plots.add(new Plot("Memory in RAM", "MiB", List.of(line("RSS", samples, Sample::rssMib))));
        plots.add(new Plot("Processor", "% of a core", List.of(line("CPU", samples, Sample::cpuPercent))));
        plots.add(new Plot(
                "Descriptors and threads",
                "",
                List.of(line("descriptors", samples, Sample::descriptors), line("threads", samples, Sample::threads))));
        plots.add(new Plot("Sockets by state", "", byState(samples)));
        plots.add(new Plot("Sockets by side", "", bySide(samples)));
        return plots;
    }

    private static List<Plot.Line> byState(List<Sample> samples) {
        List<Plot.Line> lines = new ArrayList<>();
        for (TcpState state : TcpState.values()) {
            if (samples.stream().anyMatch(sample -> sample.sockets().in(state) > 0)) {
                lines.add(line(state.name(), samples, sample -> sample.sockets().in(state)));
            }
        }
        if (samples.stream().anyMatch(sample -> sample.timeWait().total() > 0)) {
            lines.add(line(
                    "TIME_WAIT (no descriptor)",
                    samples,
                    sample -> sample.timeWait().total()));
        }
        return lines;
    }

    private static List<Plot.Line> bySide(List<Sample> samples) {
        TreeSet<String> sides = new TreeSet<>();
        samples.forEach(sample -> sides.addAll(sample.sockets().bySide().keySet()));
        return sides.stream()
                .map(side -> line(side, samples, sample -> sample.sockets().on(side)))
                .toList();
    }

    private static Plot.Line line(String name, List<Sample> samples, ToDoubleFunction<Sample> value) {
        return new Plot.Line(
                name,
                samples.stream()
                        .map(sample -> new Plot.Point(sample.seconds(), value.applyAsDouble(sample)))
                        .toList());
    }
}
