package org.joveproxy.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container of a rendered document, the proxy's or one of {@code helm test}, as a process of this machine, started as a
 * kubelet would: variables from secrets and service links, {@code $(NAME)} filled in, the very words of command and
 * arguments, the command found on the {@code PATH}, as the user and with the privileges of the security context where this
 * process may give those away.
 *
 * <p>Only what one machine cannot have twice is different: ports are free ones, and files lie in a folder instead of where
 * volumes are mounted. Confined to the thread of the test.
 */
final class ContainerProcess implements AutoCloseable {
    private static final Path BIN = Path.of("..", "bin").toAbsolutePath().normalize();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-._a-zA-Z0-9]+)\\)");
    private static final String NOBODY = "65534";
    private static final List<String> AS_NOBODY = asNobody();
    private static final Set<Integer> GIVEN_AWAY = ConcurrentHashMap.newKeySet();

    private final JsonNode pod;
    private final JsonNode container;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<Integer, Integer> portsByNumber = new TreeMap<>();
    private final Path output;
    private final Process process;

    /**
     * Starts the container.
     *
     * @param pod the specification of its pod
     * @param folder for files, readable by anybody
     * @param outside what secrets and service links would say, by the name of the variable; wins over the document
     * @param placing makes of a word that only makes sense in a cluster the one that stands for it here
     */
    ContainerProcess(
            JsonNode pod, JsonNode container, Path folder, Map<String, String> outside, UnaryOperator<String> placing)
            throws IOException {
        this.pod = pod;
        this.container = container;
        this.folder = folder;
        this.output = Files.createTempFile(folder, container.path("name").asText(), ".output");
        fillEnvironment(outside);
        List<String> words = new ArrayList<>();
        for (String word : words()) {
            words.add(placing.apply(onThisMachine(expand(word))));
        }
        ProcessBuilder builder = new ProcessBuilder(asTheUserOfTheContainer(words));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", BIN + ":/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        process = builder.start();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>(Manifests.texts(container.path("command")));
        words.addAll(Manifests.texts(container.path("args")));
        return words;
    }

    private void fillEnvironment(Map<String, String> outside) {
        container.path("env").forEach(each -> {
            String name = each.path("name").asText();
            if (each.has("value")) {
                environment.put(name, inItsFolder(expand(each.path("value").asText())));
            } else if (!outside.containsKey(name)) {
                throw new AssertionError("no value for " + each);
            }
        });
        environment.putAll(outside);
    }

    /** As a kubelet does: {@code $$} is a dollar, and a reference to what there is not stays as it is. */
    private String expand(String text) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String name = match.group(1);
            String value = name == null ? "$" : environment.getOrDefault(name, match.group());
            return Matcher.quoteReplacement(value);
        });
    }

    private String inItsFolder(String text) {
        String placed = text;
        for (JsonNode mount : container.path("volumeMounts")) {
            placed =
                    placed.replace(mount.path("mountPath").asText(), file(mount).toString());
        }
        return placed;
    }

    private String onThisMachine(String word) {
        String placed = inItsFolder(word);
        Matcher port = Pattern.compile("^--(port|redirect-port|api-port|metrics-port)=(\\d+)$")
                .matcher(placed);
        if (!port.matches()) {
            return placed;
        }
        int free = freePort();
        ports.put(port.group(1), free);
        portsByNumber.put(Integer.valueOf(port.group(2)), free);
        return "--" + port.group(1) + "=" + free;
    }

    private Path file(JsonNode mount) {
        return folder.resolve(mount.path("name").asText());
    }

    private static List<String> asTheUserOfTheContainer(List<String> words) {
        List<String> all = new ArrayList<>(AS_NOBODY);
        all.addAll(words);
        return all;
    }

    /** The words that give privileges away, or none where a process of nobody's could not read what it runs. */
    private static List<String> asNobody() {
        List<String> asNobody = List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                "--no-new-privs",
                "--bounding-set=-all",
                "--inh-caps=-all");
        List<String> probe = new ArrayList<>(asNobody);
        probe.addAll(List.of(
                "test", "-r", BIN.resolve("../proxy-app/target/jove.jar").toString()));
        try {
            return new ProcessBuilder(probe).start().waitFor() == 0 ? asNobody : List.of();
        } catch (IOException noSuchCommand) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Another thread may get the same one between its being found and its being used.
            return GIVEN_AWAY.add(socket.getLocalPort()) ? socket.getLocalPort() : freePort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The port of this machine behind {@code flag}, without its dashes. */
    int port(String flag) {
        Integer port = ports.get(flag);
        if (port == null) {
            throw new AssertionError("no --" + flag + " in " + words());
        }
        return port;
    }

    /** The port of this machine for the one that the container has as {@code number}. */
    int portBehind(int number) {
        Integer port = portsByNumber.get(number);
        if (port == null) {
            throw new AssertionError("nobody listens at " + number + ": " + words());
        }
        return port;
    }

    boolean listensFor(String flag) {
        return ports.containsKey(flag);
    }

    /** What the proxy's probe {@code name} asks for, on this machine. */
    String probeUrl(String name) {
        JsonNode get = container.path(name).path("httpGet");
        String flag = switch (get.path("port").asText()) {
            case "https" -> "port";
            case "http" -> listensFor("redirect-port") ? "redirect-port" : "port";
            default -> throw new AssertionError("no such port: " + get);
        };
        String scheme = get.path("scheme").asText("HTTP").toLowerCase(Locale.ROOT);
        return scheme + "://127.0.0.1:" + port(flag) + get.path("path").asText();
    }

    int gracePeriodSeconds() {
        return pod.path("terminationGracePeriodSeconds").asInt();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Waits for its end, for {@code seconds} at most. Returns the exit code, or -1 when it goes on. */
    int exitCode(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** Sends SIGTERM. Returns the exit code, or -1 when the grace period was not enough. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode(gracePeriodSeconds());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
