package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.subject.Daemon;

/** What the programs on this machine say of their versions. Any thread may call it. */
final class Versions {
    private static final int ANSWERS_WITHIN_SECONDS = 10;

    /** The word that asks each of them. */
    private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

    static {
        QUESTIONS.put(Nginx.COMMAND, "-v");
        QUESTIONS.put(Haproxy.COMMAND, "-v");
        QUESTIONS.put(Caddy.COMMAND, "version");
        QUESTIONS.put("node", "--version");
        QUESTIONS.put("java", "-version");
        QUESTIONS.put(Wrk.COMMAND, "-v");
        QUESTIONS.put(Handshakes.COMMAND, "version");
    }

    private Versions() {}

    /** Of those that are there, by name. */
    static Map<String, String> ofThisMachine() throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
            if (Daemon.isInstalled(question.getKey())) {
                List<String> said = Collections.synchronizedList(new ArrayList<>());
                try (Daemon asked = Daemon.start(question.getKey(), List.of(question.getValue()), said::add)) {
                    asked.hasEnded(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
                }
                versions.put(question.getKey(), said.isEmpty() ? "" : said.get(0));
            }
        }
        return versions;
    }
}
