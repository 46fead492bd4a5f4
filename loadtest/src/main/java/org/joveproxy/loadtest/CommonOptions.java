package org.joveproxy.loadtest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.loadtest.subject.SubjectCommand;
import org.joveproxy.loadtest.subject.SubjectOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every scenario has. Written by picocli, then read only. */
final class CommonOptions {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmg]?)i?b?");
    private static final List<String> OURS = List.of(
            "--ip",
            "--port",
            "--api-ip",
            "--api-port",
            "--socket",
            "--api-socket",
            "--default-target",
            "--error-target");

    @Option(
            names = "--against",
            paramLabel = "<[name=]command>",
            description =
                    "The proxy to judge, with its first arguments; repeat it to compare several. Default: this Jove.")
    private List<String> against = new ArrayList<>();

    @Option(
            names = "--flag",
            paramLabel = "<flag>",
            description = "A further flag for the proxy, for example --flag=--log-level=debug; may be repeated.")
    private List<String> flags = new ArrayList<>();

    @Option(
            names = "--env",
            paramLabel = "<name=value>",
            description = "A variable for the proxy's environment; may be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--memory",
            paramLabel = "<size>",
            description = "Limit the proxy's memory by a control group, for example 320m. Needs root.")
    private String memory = "";

    @Option(
            names = "--out",
            paramLabel = "<folder>",
            description = "Where the report goes. Default: loadtest-<scenario>-<time> in this folder.")
    private @Nullable Path out;

    /** The proxies to judge. */
    List<SubjectCommand> subjects(String home) {
        if (against.isEmpty()) {
            return List.of(new SubjectCommand("jove", List.of(home + "/bin/configurable-http-proxy")));
        }
        List<SubjectCommand> commands = new ArrayList<>();
        for (String text : against) {
            SubjectCommand command = SubjectCommand.parse(text);
            refuseOurs(command.words());
            int same = 1;
            String name = command.name();
            while (isTaken(name, commands)) {
                name = command.name() + "-" + ++same;
            }
            commands.add(new SubjectCommand(name, command.words()));
        }
        return commands;
    }

    private static boolean isTaken(String name, List<SubjectCommand> commands) {
        return commands.stream().anyMatch(command -> command.name().equals(name));
    }

    SubjectOptions subjectOptions() {
        refuseOurs(flags);
        return new SubjectOptions(flags, environment, bytes(memory));
    }

    /** The tool decides where the proxy listens and leads, so that nothing leaves this machine. */
    private static void refuseOurs(List<String> words) {
        for (String word : words) {
            if (OURS.contains(word.split("=", 2)[0])) {
                throw new IllegalArgumentException(
                        word + " (expected: no addresses, ports and targets; the load test chooses them on 127.0.0.1)");
            }
        }
    }

    static long bytes(String size) {
        if (size.isEmpty()) {
            return 0;
        }
        Matcher matcher = SIZE.matcher(size.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("--memory: " + size + " (expected: for example 320m or 1g)");
        }
        long number = Long.parseLong(matcher.group(1));
        return number
                << switch (matcher.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
    }

    @Nullable
    Path out() {
        return out;
    }
}
