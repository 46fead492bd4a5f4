package org.joveproxy.core.errorpage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.failure.RepeatLog;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.ProxyObserver.PageResult;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.EventLoopConfined;
import org.joveproxy.core.upstream.OwnRequest;
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
    private final ProxyObserver observer;
    private final EventLoop loop;
    private final Map<String, Fetch> fetches = new HashMap<>();

    /** Pages of {@code target}, fetched on {@code loop} over {@code upstreams}. */
    public PageServer(
            Target target,
            UpstreamPools upstreams,
            PageShelf shelf,
            RepeatLog failures,
            ProxyObserver observer,
            EventLoop loop) {
        this.target = target;
        this.upstreams = upstreams;
        this.shelf = shelf;
        this.failures = failures;
        this.observer = observer;
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
            observer.errorPageAsked(PageResult.SHED);
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
    private final class Fetch implements OwnRequest.Listener {
        private final int status;
        private final String path;
        private final OwnRequest call;
        private final List<Consumer<ErrorPage>> waiting = new ArrayList<>(1);
        private final ByteBuf body = Unpooled.buffer();
        private @Nullable HttpHeaders fields;

        Fetch(int status, String path) {
            this.status = status;
            this.path = path;
            HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
            request.headers().set(HttpHeaderNames.HOST, target.origin().hostHeader());
            this.call = new OwnRequest(upstreams, loop, target.origin(), request, Purpose.ERROR_PAGE, DEADLINE, this);
        }

        void join(Consumer<ErrorPage> found) {
            waiting.add(found);
        }

        void start() {
            call.start();
        }

        @Override
        public void head(HttpResponse head) {
            fields = head.headers();
            int code = head.status().code();
            if (code < 200 || code > 299) {
                giveUp("the server for error pages answered " + code);
            }
        }

        @Override
        public void body(ByteBuf piece) {
            body.writeBytes(piece);
            if (body.readableBytes() > MAX_PAGE_BYTES) {
                giveUp("an error page larger than " + MAX_PAGE_BYTES);
            }
        }

        private void giveUp(String why) {
            call.cancel();
            failed(new Failure(FailureKind.UPSTREAM_PROTOCOL, why));
        }

        @Override
        public void over() {
            fetches.remove(path);
        }

        @Override
        public void answered() {
            HttpHeaders received = Objects.requireNonNull(fields);
            ErrorPage page = ErrorPage.of(
                    received.get(HttpHeaderNames.CONTENT_TYPE),
                    received.get(HttpHeaderNames.CONTENT_ENCODING),
                    ByteBufUtil.getBytes(body));
            shelf.keep(status, path, page);
            observer.errorPageAsked(PageResult.FETCHED);
            hand(page);
        }

        @Override
        public void failed(Failure why) {
            shelf.fetchFailed(status);
            observer.errorPageAsked(PageResult.FAILED);
            if (failures.isWorthALine("no error page " + status + " from " + target)) {
                logger.info("No error page {} from {}: {}", status, target, why.detail());
            }
            hand(fallback(status));
        }

        private void hand(ErrorPage page) {
            waiting.forEach(found -> found.accept(page));
        }
    }
}
