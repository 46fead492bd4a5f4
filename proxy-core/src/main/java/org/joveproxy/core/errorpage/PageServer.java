package org.joveproxy.core.errorpage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.failure.RepeatLog;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.EventLoopConfined;
import org.joveproxy.core.upstream.Acquisition;
import org.joveproxy.core.upstream.Borrower;
import org.joveproxy.core.upstream.ResponseListener;
import org.joveproxy.core.upstream.UpstreamLease;
import org.joveproxy.core.upstream.UpstreamPools;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages from a server, usually the hub itself, which may be the very thing that is down: each is fetched within two
 * seconds, once for all who want the same at the same time, and only a few at a time and a second. A page serves for a
 * second; when a new one is not to be had, the last page of the same status serves, else the built-in one.
 *
 * <p>Confined to one event loop, except for the {@link PageShelf} and the log that all loops share.
 */
@EventLoopConfined
public final class PageServer implements ErrorPages {
    private static final Logger logger = LoggerFactory.getLogger(PageServer.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final int MAX_PAGE_BYTES = 1024 * 1024;

    private final Target target;
    private final UpstreamPools upstreams;
    private final PageShelf shelf;
    private final RepeatLog failures;
    private final EventLoop loop;
    private final Map<String, Fetch> fetches = new HashMap<>();

    /** Pages of {@code target}, fetched on {@code loop} over {@code upstreams}. */
    public PageServer(Target target, UpstreamPools upstreams, PageShelf shelf, RepeatLog failures, EventLoop loop) {
        this.target = target;
        this.upstreams = upstreams;
        this.shelf = shelf;
        this.failures = failures;
        this.loop = loop;
    }

    @Override
    public void find(int status, String requestTarget, Consumer<ErrorPage> found) {
        String path = pathOf(status, requestTarget);
        Fetch underWay = fetches.get(path);
        ErrorPage fresh = shelf.fresh(path);
        if (fresh != null) {
            found.accept(fresh);
        } else if (underWay != null) {
            underWay.join(found);
        } else if (target.isUsable() && shelf.tryBeginFetch(status)) {
            Fetch fetch = new Fetch(status, path);
            fetches.put(path, fetch);
            fetch.join(found);
            fetch.start();
        } else {
            found.accept(fallback(status));
        }
    }

    private ErrorPage fallback(int status) {
        ErrorPage known = shelf.last(status);
        return known == null ? BuiltInPages.of(status) : known;
    }

    private String pathOf(int status, String requestTarget) {
        String base = target.path();
        String query = target.query();
        return base
                + (base.endsWith("/") ? "" : "/")
                + status
                + '?'
                + (query == null || query.isEmpty() ? "" : query + '&')
                + "url="
                + URLEncoder.encode(requestTarget, StandardCharsets.ISO_8859_1);
    }

    /** One page on its way. It ends exactly once, with the page or with what serves instead. */
    private final class Fetch implements Borrower, ResponseListener {
        private final int status;
        private final String path;
        private final List<Consumer<ErrorPage>> waiting = new ArrayList<>(1);
        private final ByteBuf body = Unpooled.buffer();
        private final ScheduledFuture<?> deadline;
        private final HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        private @Nullable Acquisition acquisition;
        private @Nullable UpstreamLease lease;
        private @Nullable HttpResponse head;
        private boolean hasRetried;
        private boolean isOver;

        Fetch(int status, String path) {
            this.status = status;
            this.path = path;
            this.deadline = loop.schedule(
                    () -> fail(Failure.of(FailureKind.UPSTREAM_SILENT)), DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        }

        void join(Consumer<ErrorPage> found) {
            waiting.add(found);
        }

        void start() {
            request.setUri(path);
            request.headers().set(HttpHeaderNames.HOST, target.origin().hostHeader());
            acquire(false);
        }

        private void acquire(boolean fresh) {
            Acquisition asked = upstreams.acquire(target.origin(), this, fresh);
            if (lease == null && !isOver) {
                acquisition = asked;
            }
        }

        @Override
        public void lent(UpstreamLease lent) {
            acquisition = null;
            lease = lent;
            lent.connection().entry().carries(Purpose.ERROR_PAGE, null);
            lent.connection().sendWhole(request, this, null, FailureKind.UPSTREAM_SILENT);
            lent.connection().flush();
        }

        @Override
        public void refused(Failure why) {
            acquisition = null;
            fail(why);
        }

        @Override
        public void informational(HttpResponse news) {
            // An error page has no use for news about it.
        }

        @Override
        public void responseHead(HttpResponse received) {
            head = received;
            int code = received.status().code();
            if (code < 200 || code > 299) {
                fail(new Failure(FailureKind.UPSTREAM_PROTOCOL, "the server for error pages answered " + code));
            }
        }

        @Override
        public void responseBody(HttpContent content) {
            if (isOver) {
                content.release();
                return;
            }
            body.writeBytes(content.content());
            boolean isLast = content instanceof LastHttpContent;
            content.release();
            if (body.readableBytes() > MAX_PAGE_BYTES) {
                fail(new Failure(FailureKind.UPSTREAM_PROTOCOL, "an error page larger than " + MAX_PAGE_BYTES));
            } else if (isLast && head != null) {
                complete(head);
            }
        }

        @Override
        public void responsePaused() {
            // Nothing is passed on before the page is whole.
        }

        @Override
        public void upstreamWritabilityChanged() {
            // The request is one small head.
        }

        @Override
        public void upstreamFailed(Failure why) {
            UpstreamLease held = lease;
            if (held != null && held.isReused() && head == null && !hasRetried) {
                hasRetried = true;
                lease = null;
                held.discard(CloseReason.PEER);
                acquire(true);
            } else {
                fail(why);
            }
        }

        private void complete(HttpResponse received) {
            ErrorPage page = ErrorPage.of(
                    received.headers().get(HttpHeaderNames.CONTENT_TYPE),
                    received.headers().get(HttpHeaderNames.CONTENT_ENCODING),
                    ByteBufUtil.getBytes(body));
            shelf.keep(status, path, page);
            end(page);
        }

        private void fail(Failure why) {
            if (!isOver) {
                shelf.fetchFailed(status);
                if (failures.isWorthALine("no error page " + status + " from " + target)) {
                    logger.info("No error page {} from {}: {}", status, target, why.detail());
                }
                end(fallback(status));
            }
        }

        private void end(ErrorPage page) {
            isOver = true;
            deadline.cancel(false);
            fetches.remove(path);
            if (acquisition != null) {
                acquisition.cancel();
                acquisition = null;
            }
            UpstreamLease held = lease;
            if (held != null) {
                lease = null;
                held.giveBack();
            }
            waiting.forEach(found -> found.accept(page));
        }
    }
}
