package org.joveproxy.core.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of host names with the system's resolver, away from the event loops.
 *
 * <p>An answer is kept for a second and look-ups of one name that come together share one question. A failure is not
 * kept: a hub that comes up late is found at once. Any thread may call any method.
 */
public final class NameService implements AutoCloseable {
    private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int THREADS = 4;
    private static final int MAX_QUESTIONS = 1_024;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads;

    /** Starts without threads; they come with the first questions and go when there are none. */
    public NameService() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_QUESTIONS),
                new DefaultThreadFactory("jove-names", true));
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    /**
     * Tells {@code heard} the addresses of {@code host} on {@code loop}, in the order to try them (RFC 8305 4), or what
     * went wrong. A literal address is answered at once, before this method returns.
     */
    void resolve(String host, EventLoop loop, BiConsumer<@Nullable List<InetAddress>, @Nullable Throwable> heard) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            heard.accept(List.of(literal), null);
            return;
        }
        var unused = answer(host)
                .whenCompleteAsync(
                        (addresses, failure) -> heard.accept(addresses, failure == null ? null : unwrap(failure)),
                        loop);
    }

    private CompletableFuture<List<InetAddress>> answer(String host) {
        long now = System.nanoTime();
        if (answers.size() > MAX_QUESTIONS) {
            answers.values().removeIf(old -> !old.isFresh(now));
        }
        return answers.compute(host, (name, known) -> known != null && known.isFresh(now) ? known : ask(name, now))
                .addresses();
    }

    private Answer ask(String host, long now) {
        CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<>();
        try {
            threads.execute(() -> lookUp(host, addresses));
        } catch (RejectedExecutionException e) {
            addresses.completeExceptionally(new UnknownHostException(host + ": too many names are being looked up"));
        }
        return new Answer(addresses, now);
    }

    private static void lookUp(String host, CompletableFuture<List<InetAddress>> addresses) {
        try {
            addresses.complete(alternating(InetAddress.getAllByName(host)));
        } catch (UnknownHostException | RuntimeException e) {
            addresses.completeExceptionally(e);
        }
    }

    /** The resolver's order, except that the two address families take turns. */
    static List<InetAddress> alternating(InetAddress[] addresses) {
        Deque<InetAddress> sameFamily = new ArrayDeque<>();
        Deque<InetAddress> otherFamily = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address.getClass() == addresses[0].getClass() ? sameFamily : otherFamily).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>(addresses.length);
        while (ordered.size() < addresses.length) {
            if (!sameFamily.isEmpty()) {
                ordered.add(sameFamily.remove());
            }
            if (!otherFamily.isEmpty()) {
                ordered.add(otherFamily.remove());
            }
        }
        return ordered;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Answer(CompletableFuture<List<InetAddress>> addresses, long askedAt) {
        boolean isFresh(long now) {
            return !addresses.isDone() || (now - askedAt < KEPT_NANOS && !addresses.isCompletedExceptionally());
        }
    }
}
