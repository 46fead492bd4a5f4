package org.joveproxy.app;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders to stop, SIGTERM and SIGINT, and those to read files again, SIGHUP and SIGUSR1.
 *
 * <p>Each signal is handled on a thread of its own. A JVM that is left alone runs shutdown hooks, which cannot tell the
 * two apart nor see a second one; so this takes the signals over, where the JVM lets it.
 */
final class Signals {
    private static final Logger logger = LoggerFactory.getLogger(Signals.class);

    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final Consumer<String> first;
    private final Runnable again;

    private Signals(Consumer<String> first, Runnable again) {
        this.first = first;
        this.again = again;
    }

    /**
     * From now on the first order to stop goes to {@code first}, in the word that the log has for it, and the next one to
     * {@code again}; orders to read files again go to {@code reload}.
     */
    static void handle(Consumer<String> first, Runnable again, Runnable reload) {
        Signals signals = new Signals(first, again);
        try {
            take("TERM", () -> signals.toldToStop("Terminated"));
            take("INT", () -> signals.toldToStop("Interrupted"));
            take("USR1", reload);
            // To a terminal it says that the terminal is gone, and that ends the proxy as it does any other command.
            if (!Boolean.getBoolean(LogSetup.TERMINAL_PROPERTY)) {
                take("HUP", reload);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            logger.warn("Signals do what the JVM does with them: {}", e.toString());
        }
    }

    // By reflection: the compiler warns of these classes with a warning that cannot be suppressed.
    private static void take(String name, Runnable arrived) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object ours = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    arrived.run();
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    }

    private void toldToStop(String word) {
        if (isStopping.compareAndSet(false, true)) {
            first.accept(word);
        } else {
            again.run();
        }
    }
}
