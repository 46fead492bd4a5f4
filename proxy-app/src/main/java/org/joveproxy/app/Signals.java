package org.joveproxy.app;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders to stop: SIGTERM and SIGINT.
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
     * From now on the first signal goes to {@code first}, in the word that the log has for it, and the next one to {@code
     * again}.
     */
    static void handle(Consumer<String> first, Runnable again) {
        Signals signals = new Signals(first, again);
        try {
            signals.take("TERM", "Terminated");
            signals.take("INT", "Interrupted");
        } catch (ReflectiveOperationException | RuntimeException e) {
            logger.warn("Signals end the process without ado: {}", e.toString());
        }
    }

    // By reflection: the compiler warns of these classes with a warning that cannot be suppressed.
    private void take(String name, String word) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object ours = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    arrived(word);
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    }

    private void arrived(String word) {
        if (isStopping.compareAndSet(false, true)) {
            first.accept(word);
        } else {
            again.run();
        }
    }
}
