package org.joveproxy.loadtest.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This machine, for the head of a report. Any thread may call it. */
public final class Machine {
    private Machine() {}

    /** Its kernel and its processors. */
    public static String told() {
        String model = "";
        try {
            model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> ", " + line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            model = "";
        }
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors" + model;
    }
}
