package org.joveproxy.store.shared;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Questions to the store whose answers the thread that follows it waits for.
 *
 * <p>Confined to that thread.
 */
final class Conversation {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration SLICE = Duration.ofMillis(100);

    private final Session session;
    private final Keys keys;
    private final Ear ear;

    Conversation(Session session, Keys keys, Ear ear) {
        this.session = session;
        this.keys = keys;
        this.ear = ear;
    }

    /** Hears how it goes. */
    interface Ear {
        /** The store has said something. */
        void heard();

        /** It has said nothing for a while. */
        void waiting();
    }

    Session session() {
        return session;
    }

    Keys keys() {
        return keys;
    }

    RedisClusterAsyncCommands<String, String> ask() {
        return session.ask();
    }

    /** Runs {@code script} and waits for the list it answers. */
    List<Object> list(String script, List<String> keys, List<String> arguments)
            throws StoreLostException, InterruptedException {
        return await(eval(session, script, keys, arguments));
    }

    /** Runs {@code script} and waits for the number it answers. */
    long number(String script, List<String> keys, List<String> arguments)
            throws StoreLostException, InterruptedException {
        CompletionStage<Long> answer = session.ask()
                .eval(script, ScriptOutputType.INTEGER, keys.toArray(new String[0]), arguments.toArray(new String[0]));
        return await(answer);
    }

    /** Runs {@code script} without waiting for the list it answers. Any thread may call it. */
    static CompletionStage<List<Object>> eval(
            Session session, String script, List<String> keys, List<String> arguments) {
        return session.ask()
                .eval(script, ScriptOutputType.MULTI, keys.toArray(new String[0]), arguments.toArray(new String[0]));
    }

    <T> T await(CompletionStage<T> answer) throws StoreLostException, InterruptedException {
        return await(answer, ear);
    }

    /**
     * Waits for {@code answer}.
     *
     * @throws StoreLostException when none comes in time, or one that is an error
     */
    static <T> T await(CompletionStage<T> answer, Ear ear) throws StoreLostException, InterruptedException {
        Future<T> coming = answer.toCompletableFuture();
        long begin = System.nanoTime();
        while (true) {
            try {
                T result = coming.get(SLICE.toMillis(), TimeUnit.MILLISECONDS);
                ear.heard();
                return result;
            } catch (TimeoutException e) {
                ear.waiting();
                if (System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw new StoreLostException("no answer for " + LIMIT.toSeconds() + " seconds");
                }
            } catch (ExecutionException e) {
                throw new StoreLostException(reason(e));
            }
        }
    }

    /** What lies at the bottom of {@code thrown}, in one line. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown;
        boolean isAboutCertificate = false;
        while (cause.getCause() != null && !(cause instanceof RedisCommandExecutionException)) {
            cause = cause.getCause();
            isAboutCertificate |= cause instanceof CertificateException;
        }
        String message = cause.getMessage();
        String text = message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
        String line = text.lines().findFirst().orElse("").strip();
        return isAboutCertificate ? "the certificate is not trusted: " + line : line;
    }
}
