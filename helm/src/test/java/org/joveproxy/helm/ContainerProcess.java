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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxy's container of a rendered document as a process of this machine, started as a kubelet would: variables from
 * secrets and service links, {@code $(NAME)} filled in, the very words of command and arguments, the command found on the
 * {@code PATH}, as the user and with the privileges of the security context where this process may give those away.
 *
 * <p>Only what one machine cannot have twice is different: ports are free ones, and files lie in a folder instead of where
 * volumes are mounted. Confined to the thread of the test.
 */
final class ContainerProcess implements AutoCloseable {
    private static final Path BIN = Path.of("..", "bin").toAbsolutePath().normalize();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-._a-zA-Z0-9]+)\\)");
    private static final String NOBODY = "65534";

    private final JsonNode pod;
    private final JsonNode container;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Path output;
    private final Process process;

    /**
     * Starts the proxy.
     *
     * @param workload the Deployment or StatefulSet
     * @param folder for files, readable by anybody
     * @param outside what secrets and service links would say, by the name of the variable; wins over the document
     * @param replacements words or parts of them that only make sense in a cluster, with what stands for them here
     */
    ContainerProcess(JsonNode workload, Path folder, Map<String, String> outside, Map<String, String> replacements)
            throws IOException {
        this.pod = workload.at("/spec/template/spec");
        this.container = pod.at("/containers/0");
        this.folder = folder;
        this.output = folder.resolve("output");
        fillEnvironment(outside);
        List<String> words = new ArrayList<>();
        for (String word : words()) {
            String placed = onThisMachine(expand(word));
            for (Map.Entry<String, String> each : replacements.entrySet()) {
                placed = placed.replace(each.getKey(), each.getValue());
            }
            words.add(placed);
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
                environment.put(name, expand(each.path("value").asText()));
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

    private String onThisMachine(String word) {
        String placed = word;
        for (JsonNode mount : container.path("volumeMounts")) {
            placed =
                    placed.replace(mount.path("mountPath").asText(), file(mount).toString());
        }
        Matcher port = Pattern.compile("^--(port|redirect-port|api-port|metrics-port)=(\\d+)$")
                .matcher(placed);
        if (!port.matches()) {
            return placed;
        }
        ports.put(port.group(1), freePort());
        return "--" + port.group(1) + "=" + ports.get(port.group(1));
    }

    private Path file(JsonNode mount) {
        return folder.resolve(mount.path("name").asText());
    }

    private List<String> asTheUserOfTheContainer(List<String> words) throws IOException {
        // A folder that nobody else may enter, as in the home of a person, cannot be served from as another user.
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
        boolean mayBeNobody;
        try {
            mayBeNobody = new ProcessBuilder(probe).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            mayBeNobody = false;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        List<String> all = new ArrayList<>(mayBeNobody ? asNobody : List.of());
        all.addAll(words);
        return all;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
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

    /** Sends SIGTERM. Returns the exit code, or -1 when the grace period was not enough. */
    int terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor(gracePeriodSeconds(), TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
