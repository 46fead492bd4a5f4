package org.joveproxy.loadtest.scenario;

import java.io.IOException;
import org.joveproxy.loadtest.subject.SubjectException;

/**
 * Something that is done to a proxy, and the bounds it must hold. Its class carries picocli's {@code @Command} with name and
 * description, and a field with {@code @Option} for each option of its own.
 *
 * <p>Runs once for each subject, one after the other, on one thread. Must be bounded in time and connections by its options.
 */
public interface Scenario {
    /**
     * Does it to one subject.
     *
     * @param act the stage for one subject; the scenario starts the subject by it
     * @throws SubjectException when the subject does not start
     * @throws IOException when the stage itself does not work, which says nothing about the subject
     */
    Verdict run(Act act) throws SubjectException, IOException, InterruptedException;

    /** What is wrong with the options, or an empty text. Asked before anything is started. */
    default String complaint() {
        return "";
    }
}
