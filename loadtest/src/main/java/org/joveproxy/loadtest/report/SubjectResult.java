package org.joveproxy.loadtest.report;

import java.util.List;
import org.joveproxy.loadtest.kernel.Sample;
import org.joveproxy.loadtest.scenario.Mark;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.subject.LogCount;

/**
 * All that is known of one subject after a run. Immutable.
 *
 * @param failure why the scenario could not be run to its end with it, or an empty text
 */
public record SubjectResult(
        String name,
        List<String> commandLines,
        String memoryLimit,
        double seconds,
        String failure,
        Verdict verdict,
        LogCount logged,
        List<Sample> samples,
        List<Mark> marks) {
    public SubjectResult {
        commandLines = List.copyOf(commandLines);
        samples = List.copyOf(samples);
        marks = List.copyOf(marks);
    }
}
