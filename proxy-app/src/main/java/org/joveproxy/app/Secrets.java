package org.joveproxy.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joveproxy.core.observe.Reloadable;

/**
 * Reads secrets that are in variables of the environment, or in files that other variables name, and remembers which.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class Secrets {
    private final Map<String, String> environment;
    private final List<Secret> all = new ArrayList<>();

    /** Reads from {@code environment}. */
    Secrets(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The secret, which is empty when neither variable is set. */
    Secret read(Reloadable what, String variable, String fileVariable) throws UsageException {
        String text = environment.getOrDefault(variable, "");
        String file = environment.getOrDefault(fileVariable, "");
        if (!text.isEmpty() && !file.isEmpty()) {
            throw UsageException.of(
                    "error: both " + variable + " and " + fileVariable + " are set (expected: one of them)");
        }
        try {
            Secret secret = file.isEmpty() ? Secret.of(what, text) : Secret.in(what, file);
            all.add(secret);
            return secret;
        } catch (RefusedException e) {
            throw UsageException.of("error: " + fileVariable + " names a file that cannot be used: " + e.getMessage());
        }
    }

    /** All that were read. */
    List<Secret> all() {
        return List.copyOf(all);
    }
}
