package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.List;

/** A scenario of the benchmark. Implementations are immutable. */
interface Workload {
    /** As {@code --scenarios} has it. */
    String name();

    /** What is done, for the report. */
    String title();

    /** What a cost is, and of what, for example {@code CPU µs per request}. */
    String unit();

    /** Who takes part, when {@code all} were asked for. */
    default List<Contender> contenders(List<Contender> all) {
        return all;
    }

    /**
     * Whom {@code proxy} is compared with.
     *
     * @param measure whom everybody is compared with who has nobody of his own
     */
    default String measureOf(String proxy, String measure) {
        return measure;
    }

    /** Does it to all proxies of {@code ground}, in rounds, and tells {@code ground} of each. */
    void measure(Ground ground) throws IOException, InterruptedException;
}
