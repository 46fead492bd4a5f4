package org.joveproxy.loadtest.report;

import java.util.List;

/**
 * One run of one scenario. Immutable.
 *
 * @param arguments of the command line, as given
 * @param began when, in ISO 8601
 * @param machine what it ran on
 */
public record Report(
        String scenario, List<String> arguments, String began, String machine, List<SubjectResult> subjects) {
    public Report {
        arguments = List.copyOf(arguments);
        subjects = List.copyOf(subjects);
    }

    /** 0 when every bound held for every subject, 1 when one was broken, 2 when a subject could not be run. */
    public int exitCode() {
        if (subjects.stream().anyMatch(subject -> !subject.failure().isEmpty())) {
            return 2;
        }
        return subjects.stream().allMatch(subject -> subject.verdict().held()) ? 0 : 1;
    }
}
