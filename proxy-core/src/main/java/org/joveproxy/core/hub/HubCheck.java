package org.joveproxy.core.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.ProxyObserver.HubAnswer;
import org.joveproxy.core.threading.EventLoopConfined;
import org.joveproxy.core.upstream.OwnRequest;
import org.joveproxy.core.upstream.UpstreamPools;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the hub to check its routes, upon which it adds here what is missing and deletes what should not be here. By itself
 * it would do so every few minutes. The hub is asked again with growing pauses, until it has done so, has refused for a
 * reason that will not go away, or has read the routes by itself.
 *
 * <p>Confined to one event loop, except for {@link #ask}, {@link #tokenChanged} and {@link #close}, which any thread may call.
 */
@EventLoopConfined
public final class HubCheck implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(HubCheck.class);

    private final HubConfig hub;
    private final UpstreamPools upstreams;
    private final EventLoop loop;
    private final Pace pace;
    private final ProxyObserver observer;
    private final LongSupplier clock;
    private final Supplier<OptionalLong> tableRead;

    private long wantedSince;
    private int failures;
    private String lastFailure = "";
    private @Nullable Attempt attempt;
    private @Nullable ScheduledFuture<?> nextAttempt;
    private boolean isTokenRefused;
    private boolean isClosed;

    /**
     * How often the hub is asked.
     *
     * @param firstPause after a first failure; each further pause is twice as long
     * @param longestPause the longest one
     * @param attempt how long an answer may take: the hub has checked all routes by then
     */
    public record Pace(Duration firstPause, Duration longestPause, Duration attempt) {
        /** What hubs are used to. */
        public static final Pace DEFAULT =
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /**
     * Asks {@code hub} over {@code upstreams} on {@code loop}.
     *
     * @param clock the time in milliseconds since 1970
     * @param tableRead when somebody with the proxy's token last read the whole table, by the same clock
     */
    public HubCheck(
            HubConfig hub,
            UpstreamPools upstreams,
            EventLoop loop,
            Pace pace,
            ProxyObserver observer,
            LongSupplier clock,
            Supplier<OptionalLong> tableRead) {
        this.hub = hub;
        this.upstreams = upstreams;
        this.loop = loop;
        this.pace = pace;
        this.observer = observer;
        this.clock = clock;
        this.tableRead = tableRead;
    }

    /** Has the hub check its routes because of {@code why}, and does not wait for it. */
    public void ask(String why) {
        loop.execute(() -> wanted(why));
    }

    /** Asks once more if the hub did not want the token that there was before. */
    public void tokenChanged() {
        loop.execute(() -> {
            if (isTokenRefused) {
                wanted("the token was refused, and there is another");
            }
        });
    }

    /** Asks no more. */
    @Override
    public void close() {
        if (!loop.isShuttingDown()) {
            loop.execute(this::end);
        }
    }

    private void wanted(String why) {
        if (isClosed) {
            return;
        }
        logger.info("Asking the hub at {} to check its routes: {}", hub.api(), why);
        wantedSince = clock.getAsLong();
        isTokenRefused = false;
        failures = 0;
        lastFailure = "";
        if (attempt == null) {
            begin();
        }
    }

    private void begin() {
        cancelNext();
        Attempt begun = new Attempt();
        attempt = begun;
        begun.start();
    }

    private void end() {
        isClosed = true;
        cancelNext();
        Attempt underWay = attempt;
        if (underWay != null) {
            underWay.cancel();
        }
    }

    private void cancelNext() {
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
            nextAttempt = null;
        }
    }

    // ---- what the hub said ----

    private void answered(Attempt ended, int status) {
        if (status >= 200 && status <= 299) {
            observer.hubAsked(HubAnswer.CHECKED);
            checked(ended);
        } else if (isFinal(status)) {
            observer.hubAsked(HubAnswer.REFUSED);
            isTokenRefused = status == 401 || status == 403;
            logger.error("The hub at {} does not check its routes for this proxy: {}", hub.api(), reason(status));
        } else {
            failed("it answered " + status);
        }
    }

    private void checked(Attempt ended) {
        logger.info("The hub has checked its routes");
        if (ended.begun < wantedSince) {
            // Routes were lost in the meantime; the hub may have looked before that.
            begin();
        }
    }

    /** Nothing but another setting helps, here or at the hub. */
    private static boolean isFinal(int status) {
        return status >= 300 && status <= 499 && status != 408 && status != 429;
    }

    private static String reason(int status) {
        return switch (status) {
            case 401, 403 -> status + ", the token is not valid there (expected: a token with the scope proxy)";
            default -> status + " (expected: the URL of a hub's REST API, such as http://hub:8081/hub/api)";
        };
    }

    private void failed(String why) {
        observer.hubAsked(HubAnswer.FAILED);
        failures++;
        if (why.equals(lastFailure)) {
            logger.debug("The hub has not checked its routes, again: {}", why);
        } else {
            logger.info("The hub has not checked its routes, it will be asked again: {}", why);
        }
        lastFailure = why;
        nextAttempt = loop.schedule(this::askAgain, pauseMillis(), TimeUnit.MILLISECONDS);
    }

    /** Not all proxies of a hub that comes back should ask it at the same moment. */
    private long pauseMillis() {
        int doublings = Math.min(failures - 1, 20);
        long pause = Math.min(
                pace.firstPause().toMillis() << doublings, pace.longestPause().toMillis());
        return Math.round(pause * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
    }

    private void askAgain() {
        nextAttempt = null;
        OptionalLong read = tableRead.get();
        if (read.isPresent() && read.getAsLong() >= wantedSince) {
            logger.info("The hub has read the routes by itself");
        } else {
            begin();
        }
    }

    /** One request. It ends exactly once. */
    private final class Attempt implements OwnRequest.Listener {
        private final long begun = clock.getAsLong();
        private final OwnRequest call =
                new OwnRequest(upstreams, loop, hub.api().origin(), request(), Purpose.HUB_CHECK, pace.attempt(), this);
        private int status;

        private HttpRequest request() {
            String base = hub.api().path();
            String path = base + (base.endsWith("/") ? "proxy" : "/proxy");
            HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path);
            request.headers()
                    .set(HttpHeaderNames.HOST, hub.api().origin().hostHeader())
                    .set(HttpHeaderNames.AUTHORIZATION, "token " + hub.token().get())
                    .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON)
                    .set(HttpHeaderNames.CONTENT_LENGTH, 0);
            return request;
        }

        void start() {
            call.start();
        }

        void cancel() {
            call.cancel();
        }

        @Override
        public void head(HttpResponse head) {
            status = head.status().code();
        }

        @Override
        public void body(ByteBuf piece) {
            // The status says it all.
        }

        @Override
        public void over() {
            attempt = null;
        }

        @Override
        public void answered() {
            HubCheck.this.answered(this, status);
        }

        @Override
        public void failed(Failure why) {
            HubCheck.this.failed(why.detail());
        }
    }
}
