package org.joveproxy.loadtest;

import java.util.List;
import org.joveproxy.loadtest.benchmark.Benchmark;
import org.joveproxy.loadtest.leaks.LeaksScenario;
import org.joveproxy.loadtest.play.Churn;
import org.joveproxy.loadtest.play.Crash;
import org.joveproxy.loadtest.play.HubDay;
import org.joveproxy.loadtest.play.Incident;
import org.joveproxy.loadtest.play.Soak;
import org.joveproxy.loadtest.replicas.Replicas;
import org.joveproxy.loadtest.scenario.Scenario;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command {@code loadtest}: reads the command line, runs one scenario and ends with what came out of it. */
@Command(
        name = "loadtest",
        description =
                "Judges any proxy that takes configurable-http-proxy's place, from outside and on this machine only.",
        synopsisSubcommandLabel = "<scenario>",
        footer = {"", "Exit code: 0 every bound held, 1 one was broken, 2 wrong usage or something could not be run."},
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main {
    /** Each is one word of the command line. */
    private static List<Scenario> scenarios() {
        return List.of(
                new LeaksScenario(),
                new Incident(),
                new HubDay(),
                new Churn(),
                new Crash(),
                new Replicas(),
                new Soak());
    }

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommonOptions common = new CommonOptions();
        CommandLine command = new CommandLine(new Main());
        for (Scenario scenario : scenarios()) {
            CommandLine word = new CommandLine(scenario);
            word.addMixin("common", common);
            word.getCommandSpec().mixinStandardHelpOptions(true);
            command.addSubcommand(word);
        }
        CommandLine benchmark = new CommandLine(new Benchmark());
        benchmark.getCommandSpec().mixinStandardHelpOptions(true);
        command.addSubcommand(benchmark);
        command.setUsageHelpAutoWidth(true);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionStrategy(parsed -> perform(parsed, common, List.of(arguments)));
        return command.execute(arguments);
    }

    private static int perform(ParseResult parsed, CommonOptions common, List<String> arguments) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        ParseResult word = parsed.subcommand();
        CommandLine command = word == null
                ? parsed.commandSpec().commandLine()
                : word.commandSpec().commandLine();
        if (word == null) {
            command.usage(System.err);
            return 2;
        }
        if (command.getCommand() instanceof Benchmark benchmark) {
            return benchmark.call();
        }
        Scenario scenario = command.getCommand();
        String complaint = scenario.complaint();
        if (!complaint.isEmpty()) {
            System.err.println("loadtest: " + complaint);
            return 2;
        }
        try {
            return new Run(command.getCommandName(), scenario, common, arguments).perform();
        } catch (IllegalArgumentException e) {
            System.err.println("loadtest: " + e.getMessage());
            return 2;
        }
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"loadtest " + (version == null ? "(not packaged)" : version)};
        }
    }
}
