package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.joveproxy.loadtest.subject.Daemon;
import org.joveproxy.loadtest.subject.SubjectCommand;
import org.joveproxy.loadtest.subject.SubjectOptions;
import org.jspecify.annotations.Nullable;

/** Which proxies take part, and which were left out and why. Immutable. */
record Lineup(List<Contender> contenders, List<String> leftOut) {
    static final String LAUNCHER = "bin/configurable-http-proxy";

    private static final List<String> KNOWN = List.of("nginx", "haproxy", "caddy", "jove", "chp");
    private static final Pattern ADDRESSED = Pattern.compile("(?:([A-Za-z0-9._+-]+):)?(.*)", Pattern.DOTALL);

    Lineup {
        contenders = List.copyOf(contenders);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Who is asked for.
     *
     * @param against names of {@link #KNOWN}; empty for all that are there
     * @param joves further Joves, each with the folder of its checkout
     * @param joveEnvironment {@code [name:]variable=value}
     * @param joveFlags {@code [name:]--flag}
     * @param chp the command of configurable-http-proxy; null when it is to be found
     * @param home the folder of this Jove
     */
    record Wish(
            List<String> against,
            Map<String, Path> joves,
            List<String> joveEnvironment,
            List<String> joveFlags,
            @Nullable String chp,
            Path home) {
        Wish {
            against = List.copyOf(against);
            joves = new LinkedHashMap<>(joves);
            joveEnvironment = List.copyOf(joveEnvironment);
            joveFlags = List.copyOf(joveFlags);
        }
    }

    /** Finds them. What was asked for by name and is not there is an error; otherwise it is left out. */
    static Lineup of(Wish wish) {
        List<Contender> found = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (String name : wish.against) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "--against: " + name + " (expected: some of " + String.join(", ", KNOWN) + ")");
            }
        }
        for (String name : KNOWN) {
            if (!wish.against.isEmpty() && !wish.against.contains(name)) {
                continue;
            }
            try {
                found.add(find(name, wish));
            } catch (IllegalArgumentException e) {
                if (!wish.against.isEmpty()) {
                    throw e;
                }
                leftOut.add(e.getMessage());
            }
        }
        wish.joves.forEach((name, folder) -> {
            if (KNOWN.contains(name)) {
                throw new IllegalArgumentException("--jove: " + name + " (expected: another name)");
            }
            found.add(jove(name, folder, wish));
        });
        return new Lineup(found, leftOut);
    }

    private static Contender find(String name, Wish wish) {
        return switch (name) {
            case "nginx" -> {
                require(name, Nginx.COMMAND, "nginx-light");
                yield new Nginx();
            }
            case "haproxy" -> {
                require(name, Haproxy.COMMAND, "haproxy");
                yield new Haproxy();
            }
            case "caddy" -> {
                require(name, Caddy.COMMAND, "caddy");
                yield new Caddy();
            }
            case "chp" -> chp(wish);
            default -> jove(name, wish.home, wish);
        };
    }

    private static void require(String name, String command, String packageName) {
        if (!Daemon.isInstalled(command)) {
            throw new IllegalArgumentException(name + ": not found (expected: Debian's package " + packageName + ")");
        }
    }

    private static Contender jove(String name, Path folder, Wish wish) {
        Path launcher = folder.resolve(LAUNCHER).toAbsolutePath().normalize();
        if (!Files.isExecutable(launcher)) {
            throw new IllegalArgumentException(name + ": no " + launcher + " (expected: a checkout of Jove)");
        }
        List<String> flags = new ArrayList<>(List.of(HubProxy.EVENT_LOOPS + 1));
        flags.addAll(addressed(name, wish.joveFlags));
        Map<String, String> environment = new LinkedHashMap<>();
        for (String variable : addressed(name, wish.joveEnvironment)) {
            String[] pair = variable.split("=", 2);
            if (pair.length < 2) {
                throw new IllegalArgumentException("--jove-env: " + variable + " (expected: [name:]variable=value)");
            }
            environment.put(pair[0], pair[1]);
        }
        return new HubProxy(
                name, List.of(launcher.toString()), new SubjectOptions(flags, environment, 0), hasArchive(folder));
    }

    private static boolean hasArchive(Path folder) {
        try (Stream<Path> built = Files.list(folder.resolve("proxy-app/target"))) {
            return built.anyMatch(file -> file.toString().matches(".*\\.(jsa|aot)"));
        } catch (IOException e) {
            return false; // not built yet
        }
    }

    /** What is for {@code name} or for everybody. */
    static List<String> addressed(String name, List<String> words) {
        List<String> own = new ArrayList<>();
        for (String word : words) {
            Matcher matcher = ADDRESSED.matcher(word);
            if (matcher.matches()
                    && (matcher.group(1) == null || matcher.group(1).equals(name))) {
                own.add(matcher.group(2));
            }
        }
        return own;
    }

    private static Contender chp(Wish wish) {
        if (wish.chp != null) {
            return new HubProxy("chp", SubjectCommand.parse(wish.chp).words(), SubjectOptions.NONE, false);
        }
        // Not the one on the PATH, which may well be Jove.
        for (Path folder : List.of(Path.of("").toAbsolutePath(), wish.home)) {
            Path command = folder.resolve("node_modules/.bin/configurable-http-proxy");
            if (Files.isExecutable(command)) {
                return new HubProxy("chp", List.of(command.toString()), SubjectOptions.NONE, false);
            }
        }
        throw new IllegalArgumentException(
                "chp: not found (expected: npm install configurable-http-proxy@5.3.0, or --chp=<command>)");
    }
}
