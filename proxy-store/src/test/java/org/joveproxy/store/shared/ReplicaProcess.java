package org.joveproxy.store.shared;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link ReplicaChild}, seen from the test. Confined to the test's thread. */
final class ReplicaProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final OutputStream questions;

    /** How it is: {@code target} is that of the path that was asked about, or a hyphen. */
    record State(boolean isReady, boolean isWorking, String target, String detail) {}

    ReplicaProcess(String url, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ReplicaChild.class.getName(), url));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.getOutputStream();
    }

    State state(String path) throws IOException {
        questions.write((path + "\n").getBytes(StandardCharsets.UTF_8));
        questions.flush();
        String line = answers.readLine();
        // What the JVM and the logger say is not for us.
        while (line != null && !line.startsWith("true ") && !line.startsWith("false ")) {
            line = answers.readLine();
        }
        if (line == null) {
            throw new IOException("the replica has ended");
        }
        String[] words = line.split(" ", 4);
        return new State(Boolean.parseBoolean(words[0]), Boolean.parseBoolean(words[1]), words[2], words[3]);
    }

    /** Has it stand still. */
    void freeze() throws Exception {
        signal("-STOP");
    }

    /** Has it go on. */
    void thaw() throws Exception {
        signal("-CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        answers.close();
    }
}
