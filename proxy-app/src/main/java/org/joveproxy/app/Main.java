package org.joveproxy.app;

import java.io.IOException;
import java.io.PrintStream;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.joveproxy.core.tls.TlsConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command {@code configurable-http-proxy}.
 *
 * <p>Confined to the main thread, but for what signals and the JVM's end do.
 */
public final class Main {
    /** Of a wrong command line, and of a start that failed. */
    private static final int FAILED = 1;

    /** Of an end that a signal ordered; the original's number. */
    private static final int STOPPED = 2;

    /** Of such an end when it was to be a gentle one, and was. */
    private static final int DRAINED = 0;

    private static final long CLOSE_LIMIT_MILLIS = 500;
    private static final long START_LIMIT_MILLIS = 5000;

    private final AtomicReference<@Nullable Application> running = new AtomicReference<>();
    private final CountDownLatch started = new CountDownLatch(1);

    private Main() {}

    /** Runs the proxy until it is told to stop. */
    public static void main(String[] words) throws InterruptedException {
        OptionalInt ended = subCommand(List.of(words), System.getenv(), System.out, System.err);
        if (ended.isPresent()) {
            System.exit(ended.getAsInt());
        }
        // The core keeps names for a second and failures not at all; Java's own cache would add its ten seconds to
        // that.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Settings settings = settings(List.of(words), System.getenv(), System.out, System.err);
        LogSetup.setLevel(settings.logLevel());
        new Main().run(settings);
    }

    /** The exit code of the sub-command, which may have the command's name before its own; empty when there is none. */
    private static OptionalInt subCommand(
            List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        int at = !words.isEmpty() && words.get(0).equals(ArgumentParser.COMMAND) ? 1 : 0;
        if (at >= words.size()) {
            return OptionalInt.empty();
        }
        List<String> behind = words.subList(at + 1, words.size());
        return switch (words.get(at)) {
            case HealthCheck.WORD -> OptionalInt.of(HealthCheck.run(behind, environment, out, err));
            case CommandLineCheck.WORD -> OptionalInt.of(CommandLineCheck.run(behind, environment, out));
            case RouteImport.WORD -> OptionalInt.of(RouteImport.run(behind, environment, out, err));
            default -> OptionalInt.empty();
        };
    }

    /** What the command line asks for; does not return when that is to print something, or nonsense. */
    private static Settings settings(
            List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            ArgumentParser.Wish wish = ArgumentParser.parse(words);
            if (wish instanceof ArgumentParser.Wish.Run run) {
                return ConfigFromArguments.read(run.arguments(), environment);
            }
            out.println(((ArgumentParser.Wish.Print) wish).text());
            System.exit(0);
        } catch (UsageException e) {
            if (e.isLogLine()) {
                log().error(e.getMessage());
                LogSetup.finish();
            } else {
                err.println(e.getMessage());
            }
            System.exit(FAILED);
        }
        throw new IllegalStateException("the process outlived its exit");
    }

    private void run(Settings settings) throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> log().error("Uncaught exception in {}", thread.getName(), thrown));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "jove-shutdown"));
        // Before anything listens: whoever sees that the proxy accepts may end it at once.
        Signals.handle(this::stop, this::stopAtOnce, this::readFilesAgain);
        try {
            running.set(Application.start(settings));
            started.countDown();
        } catch (IOException | TlsConfigException e) {
            log().error(e.getMessage());
            LogSetup.finish();
            System.exit(FAILED);
        }
        new CountDownLatch(1).await();
    }

    private void readFilesAgain() {
        // Whoever sees that the proxy accepts may ask at once; it has read them some time before.
        boolean unused = hasStarted();
        Application application = running.get();
        if (application != null) {
            application.readFilesAgain();
        }
    }

    private void stop(String word) {
        log().warn(word);
        if (!hasStarted()) {
            log().warn("Ended while it was still starting");
        }
        Application application = running.get();
        int code = STOPPED;
        if (application != null) {
            code = application.drain() ? DRAINED : STOPPED;
            closeWithinLimit();
        }
        LogSetup.finish();
        Runtime.getRuntime().halt(code);
    }

    /** Waits for it: what is half started can be neither closed nor asked; a start takes no time, unless it waits for a name to be resolved. */
    private boolean hasStarted() {
        try {
            return started.await(START_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void closeWithinLimit() {
        try {
            CompletableFuture.runAsync(this::close).get(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            log().debug("Left something open: {}", e.toString());
        }
    }

    private void stopAtOnce() {
        Application application = running.get();
        if (application != null) {
            application.removePidFile();
        }
        Runtime.getRuntime().halt(STOPPED);
    }

    private void close() {
        Application application = running.get();
        if (application != null) {
            application.close();
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }
}
