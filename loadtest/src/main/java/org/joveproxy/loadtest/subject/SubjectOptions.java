package org.joveproxy.loadtest.subject;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is the same for each start of a subject. Immutable.
 *
 * @param flags given to the proxy after the tool's own
 * @param environment added to the tool's own
 * @param memoryBytes limit of its memory, 0 for none
 */
public record SubjectOptions(List<String> flags, Map<String, String> environment, long memoryBytes) {
    public static final SubjectOptions NONE = new SubjectOptions(List.of(), Map.of(), 0);

    public SubjectOptions {
        flags = List.copyOf(flags);
        environment = Map.copyOf(environment);
    }

    /** The same with one more variable in the environment, unless it is there already. */
    public SubjectOptions withVariable(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.putIfAbsent(name, value);
        return new SubjectOptions(flags, more, memoryBytes);
    }
}
