package org.joveproxy.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.tls.ListenerTls;
import org.joveproxy.core.tls.ListenerTlsConfig;
import org.joveproxy.core.tls.TlsConfigException;
import org.joveproxy.core.tls.UpstreamTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The sub-command {@code check}: tells what a command line of configurable-http-proxy (CHP) means here, reads the files that
 * it names, and starts nothing.
 *
 * <p>It opens nothing on the network: whether an address is free and a name known, only a start can tell. Confined to the
 * main thread.
 */
final class CommandLineCheck {
    /** The first word of a command line that asks for this. */
    static final String WORD = "check";

    static final String HELP = """
            Usage: jove check [--] [configurable-http-proxy] [options of the proxy]

            Tells what each option of the command line does here, and where that differs from configurable-http-proxy
            5.3.0 (CHP); reads the files that it names, and the environment. Starts nothing, and opens nothing on the
            network. Exit code 0: the proxy would start. 1: it would not, and each
            line that begins with "error:" is a reason.""";

    private static final Pattern CREDENTIALS = Pattern.compile("//[^/]*@");
    private static final String SECRET = "***";

    private final Map<String, String> environment;
    private final PrintStream out;
    private int errors;
    private int warnings;

    private CommandLineCheck(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    /**
     * Checks.
     *
     * @param words what stands behind {@link #WORD}
     * @return the exit code
     */
    static int run(List<String> words, Map<String, String> environment, PrintStream out) {
        if (words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
            out.println(HELP);
            return 0;
        }
        return new CommandLineCheck(environment, out).run(commandLine(words));
    }

    /** Without what comes before the first flag: two dashes, and the command as it may stand in a unit or a chart. */
    private static List<String> commandLine(List<String> words) {
        int first = !words.isEmpty() && words.get(0).equals("--") ? 1 : 0;
        boolean isNamed = first < words.size()
                && (words.get(first).equals(ArgumentParser.COMMAND)
                        || words.get(first).endsWith("/" + ArgumentParser.COMMAND));
        return words.subList(isNamed ? first + 1 : first, words.size());
    }

    private int run(List<String> words) {
        Problems problems = new Problems();
        if (!(ArgumentParser.parse(words, problems) instanceof ArgumentParser.Wish.Run run)) {
            out.println("It prints a text and ends.");
            return 0;
        }
        tellFlags(run.arguments());
        tellEnvironment();
        checkSettings(run.arguments(), problems);
        if (errors > 0) {
            out.println("The proxy would not start.");
            return 1;
        }
        out.println("The proxy would start" + (warnings == 0 ? "." : "; see the warnings."));
        return 0;
    }

    // ---- what the words mean ----

    private void tellFlags(Arguments given) {
        for (Flag flag : Flags.ALL) {
            for (String value : values(flag, given)) {
                String rows = flag.rows().isEmpty() ? "" : " [" + String.join(", ", flag.rows()) + "]";
                String difference = flag.difference().isEmpty()
                        ? "as in CHP"
                        : (flag.isOurs() ? "" : "unlike CHP: ") + flag.difference() + rows;
                out.println(flag.name() + value + ": " + flag.description() + " | " + difference);
            }
        }
    }

    /** What is to be shown behind the flag's name, once for each time that it counts. */
    private static List<String> values(Flag flag, Arguments given) {
        if (Flags.REPEATABLE.contains(flag)) {
            return given.all(flag).stream()
                    .map(value -> " " + shown(flag, value))
                    .toList();
        }
        if (!given.has(flag)) {
            return List.of();
        }
        return List.of(flag.takesValue() ? " " + shown(flag, given.values().getOrDefault(flag, "")) : "");
    }

    /** Headers and URLs may hold credentials. */
    private static String shown(Flag flag, String value) {
        if (flag.equals(Flags.CUSTOM_HEADER)) {
            int colon = value.indexOf(':');
            return colon < 0 ? value : value.substring(0, colon + 1) + SECRET;
        }
        return CREDENTIALS.matcher(value.isEmpty() ? "''" : value).replaceAll("//" + SECRET + "@");
    }

    private void tellEnvironment() {
        Stream.concat(EnvironmentVariables.ALL.stream(), EnvironmentVariables.WITHOUT_MEANING.stream())
                .filter(variable ->
                        !environment.getOrDefault(variable.name(), "").isEmpty())
                .forEach(variable -> out.println(variable.name() + ": " + variable.meaning()));
        Set<String> known = EnvironmentVariables.ALL.stream()
                .map(EnvironmentVariables.Variable::name)
                .collect(Collectors.toSet());
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith("CONFIGPROXY_") && !known.contains(name)) {
                warning(name + ": neither CHP nor Jove reads such a variable");
            }
        }
    }

    // ---- what a start would find ----

    /** A problem with the words keeps nobody from looking at the rest. */
    private void checkSettings(Arguments given, Problems problems) {
        Settings settings = ConfigFromArguments.read(given, environment, problems);
        for (UsageException problem : problems.all()) {
            error(String.valueOf(problem.getMessage())
                    .replaceFirst("^error: ", "")
                    .replace('\n', ' '));
        }
        for (Settings.Notice notice : settings.notices()) {
            if (notice.level() == Level.ERROR || notice.level() == Level.WARN) {
                warning(notice.text());
            }
        }
        checkListener("--ssl-key, --ssl-cert", settings.publicTls());
        checkListener("--api-ssl-key, --api-ssl-cert", settings.api().tls());
        checkTargets(settings);
        checkErrorPages(settings.proxy().errorPages().directory());
        checkSocket(Flags.SOCKET, settings.proxy().publicAddress());
        checkSocket(Flags.API_SOCKET, settings.api().address());
        checkSocket(Flags.METRICS_SOCKET, settings.metricsAddress());
        checkFile(Flags.PID_FILE, settings.pidFile());
        checkFile(
                Flags.ACCESS_LOG,
                settings.accessLog() == null ? null : settings.accessLog().file());
        checkStateDirectory(settings.store().directory());
    }

    private void checkListener(String flags, @Nullable ListenerTlsConfig config) {
        if (config == null) {
            return;
        }
        try (ListenerTls tls = ListenerTls.load(config)) {
            tls.warnings().forEach(this::warning);
            out.println("ok: " + flags + ": " + tls.summary());
        } catch (TlsConfigException e) {
            error(flags + ": " + e.getMessage());
        }
    }

    private void checkTargets(Settings settings) {
        if (settings.upstreamTls().files().all().isEmpty()) {
            return;
        }
        try (UpstreamTls tls = UpstreamTls.load(settings.upstreamTls())) {
            tls.warnings().forEach(this::warning);
            out.println("ok: --client-ssl-*: " + tls.summary());
        } catch (TlsConfigException e) {
            error("--client-ssl-*: " + e.getMessage());
        }
    }

    /** A page that cannot be read keeps nobody from starting: the built-in one is shown, here and in CHP. */
    private void checkErrorPages(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            warning(Flags.ERROR_PATH.name() + ": " + directory + " is no directory; the built-in pages are shown");
            return;
        }
        Set<String> found = new LinkedHashSet<>();
        for (String name : List.of("404.html", "503.html", "error.html")) {
            Path file = directory.resolve(name);
            if (Files.exists(file) && !Files.isReadable(file)) {
                warning(Flags.ERROR_PATH.name() + ": " + file + " cannot be read; the built-in page is shown");
            } else if (Files.exists(file)) {
                found.add(name);
            }
        }
        if (found.isEmpty()) {
            warning(Flags.ERROR_PATH.name() + ": " + directory
                    + " holds neither 404.html nor 503.html nor error.html; the built-in pages are shown");
        } else {
            out.println("ok: " + Flags.ERROR_PATH.name() + ": " + String.join(", ", found));
        }
    }

    private void checkSocket(Flag flag, @Nullable ListenAddress address) {
        Path file = address == null ? null : address.socket();
        if (file == null) {
            return;
        }
        boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file);
        if (isFile) {
            error(flag.name() + ": " + file + " is there and is no socket");
        } else {
            checkWritable(flag.name(), file);
        }
    }

    private void checkFile(Flag flag, @Nullable Path file) {
        if (file == null) {
            return;
        }
        if (Files.exists(file) && (Files.isDirectory(file) || !Files.isWritable(file))) {
            error(flag.name() + ": " + file + " cannot be written to");
        } else if (!Files.exists(file)) {
            checkWritable(flag.name(), file);
        }
    }

    /** Whether {@code file} can be made. */
    private void checkWritable(String what, Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            error(what + ": there is no directory " + parent);
        } else if (!Files.isWritable(parent)) {
            error(what + ": the directory " + parent + " cannot be written to");
        }
    }

    private void checkStateDirectory(@Nullable Path directory) {
        Path nearest = directory;
        while (nearest != null && !Files.exists(nearest)) {
            nearest = nearest.getParent();
        }
        if (nearest == null) {
            return;
        }
        if (!Files.isDirectory(nearest) || !Files.isWritable(nearest)) {
            error(Flags.STATE_DIR.name() + ": " + nearest + " cannot be written to");
        } else {
            out.println("ok: " + Flags.STATE_DIR.name() + ": " + directory
                    + (nearest.equals(directory)
                            ? ", which holds " + filesIn(nearest) + " files"
                            : ", which will be made"));
        }
    }

    private static int filesIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.count();
        } catch (IOException e) {
            return 0;
        }
    }

    private void error(String text) {
        errors++;
        out.println("error: " + text);
    }

    private void warning(String text) {
        warnings++;
        out.println("warning: " + text);
    }
}
