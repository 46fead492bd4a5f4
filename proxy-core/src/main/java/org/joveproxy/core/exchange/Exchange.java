package org.joveproxy.core.exchange;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.errorpage.ErrorPage;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.observe.ProxyObserver.HoldResult;
import org.joveproxy.core.relay.ClientFacts;
import org.joveproxy.core.relay.Tunnel;
import org.joveproxy.core.routing.HostRouting;
import org.joveproxy.core.routing.RequestTarget;
import org.joveproxy.core.routing.Restoration;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.routing.RouteOptions;
import org.joveproxy.core.routing.SecondLook;
import org.joveproxy.core.threading.EventLoopConfined;
import org.joveproxy.core.upstream.Acquisition;
import org.joveproxy.core.upstream.Borrower;
import org.joveproxy.core.upstream.ResponseListener;
import org.joveproxy.core.upstream.UpstreamConnection;
import org.joveproxy.core.upstream.UpstreamLease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response: route, acquire, relay, finish.
 *
 * <p>Confined to the event loop that the client's socket and the upstream's share. Every path ends in {@link #finish} or
 * in a tunnel, after which the exchange owns nothing.
 */
@EventLoopConfined
public final class Exchange implements Borrower, ResponseListener {
    private static final Logger logger = LoggerFactory.getLogger(Exchange.class);

    private static final int RETRY_SHED_AFTER_SECONDS = 1;

    private enum State {
        ROUTING,
        ACQUIRING,
        HELD,
        AWAITING_RESPONSE,
        RELAYING,
        ANSWERING_FAILURE,
        FINISHED
    }

    private final ExchangeContext context;
    private final ClientStream client;
    private final ClientFacts facts;
    private final HttpRequest request;
    private final RequestTarget target;
    private final String requestedUri;
    private final @Nullable String requestedHost;
    private final @Nullable String accepted;
    private final boolean isWebsocket;
    private final boolean hasBody;
    private final Deque<HttpContent> unsentBody;
    private final ExchangeRecord record;

    private State state = State.ROUTING;
    private @Nullable Route route;
    private @Nullable RouteOptions entered;
    private @Nullable RouteUse use;
    private @Nullable Acquisition acquisition;
    private @Nullable UpstreamLease lease;
    private long routedAt;
    private int status;
    private boolean hasRetried;
    // Why it is held, if it is, and what will try again, unless that is going on.
    private @Nullable Failure heldBecause;
    private @Nullable ScheduledFuture<?> nextTry;

    /**
     * An exchange about {@code request}, whose head has passed the gate. It takes nothing before {@link #start}.
     *
     * @param hasBody whether the head announces a body that is not empty
     */
    public Exchange(
            ExchangeContext context,
            ClientStream client,
            ClientFacts facts,
            HttpRequest request,
            RequestTarget target,
            boolean hasBody,
            boolean isWebsocket) {
        this.context = context;
        this.client = client;
        this.facts = facts;
        this.request = request;
        this.target = target;
        this.requestedUri = request.uri();
        this.requestedHost = request.headers().get(HttpHeaderNames.HOST);
        this.accepted = context.errorFormat().accepted(request.headers());
        this.isWebsocket = isWebsocket;
        this.hasBody = hasBody;
        this.unsentBody = new ArrayDeque<>(hasBody ? 2 : 0);
        this.record = new ExchangeRecord(
                facts,
                ExchangeRecord.kind(isWebsocket),
                request.method().name(),
                target.path(),
                request.protocolVersion().text());
    }

    // ---- route ----

    /** Looks for the route and asks for a connection to its target. */
    public void start() {
        context.observer().requestStarted(record.kind());
        String path = routingPath();
        long begin = System.nanoTime();
        record.begin(begin);
        route = context.routes().resolve(path);
        routedAt = System.nanoTime();
        context.observer().routeLookedUp(routedAt - begin);
        CompletableFuture<Void> look = mayLack(route) ? context.secondLook().look(path, route) : null;
        if (look == null) {
            follow(route);
        } else {
            awaitLook(look);
        }
    }

    /** Whether there may be another route than the one that was found. */
    private boolean mayLack(@Nullable Route found) {
        // The first question spares restored routes, whose data is not read before somebody asks for it, the second.
        return context.secondLook() != SecondLook.NEVER && (found == null || found.takesTheRest());
    }

    private String routingPath() {
        return context.hostRouting() ? HostRouting.prefix(requestedHost) + target.decodedPath() : target.decodedPath();
    }

    /** The route may have been added elsewhere, and the news of it be late. */
    private void awaitLook(CompletableFuture<Void> look) {
        client.enter(Phase.ROUTING, SecondLook.LIMIT);
        if (hasBody) {
            client.setReading(false);
        }
        EventLoop loop = client.entry().channel().eventLoop();
        look.whenComplete((done, failure) -> loop.execute(this::looked));
    }

    private void looked() {
        if (state != State.ROUTING) {
            return; // the client has left, or the look has taken too long
        }
        route = context.routes().resolve(routingPath());
        client.enter(Phase.ACQUIRING, context.timeouts().waiting());
        follow(route);
        // No read is going on whose end would push out what was sent.
        requestPaused();
    }

    /** The look for a route is not over in time. */
    public void routingTookTooLong() {
        looked();
    }

    private void follow(@Nullable Route chosen) {
        use = chosen == null
                ? null
                : new RouteUse(context, chosen, request.method().name(), target.decodedPath());
        record.takes(chosen, use);
        if (chosen == null) {
            fail(new Failure(FailureKind.NO_ROUTE, "no route"));
        } else if (!chosen.target().isUsable()) {
            fail(new Failure(FailureKind.UNUSABLE_TARGET, "unusable target " + chosen.target()));
        } else if (!mayEnter(chosen)) {
            fail(new Failure(FailureKind.UPSTREAM_BUSY, "all connections that the route may have are in use"));
        } else {
            client.entry().carries(isWebsocket ? Purpose.WEBSOCKET : Purpose.REQUEST, chosen.path());
            context.requestForwarding().apply(request, target, chosen, facts, isWebsocket);
            acquire(chosen, false);
        }
    }

    private boolean mayEnter(Route chosen) {
        RouteOptions options = chosen.options();
        if (options == null || !options.limitsConnections()) {
            return true;
        }
        if (!options.tryEnter()) {
            return false;
        }
        entered = options;
        return true;
    }

    // ---- acquire ----

    private void acquire(Route chosen, boolean fresh) {
        state = State.ACQUIRING;
        client.enter(Phase.ACQUIRING, context.timeouts().waiting());
        if (hasBody) {
            client.setReading(false);
        }
        Acquisition asked = context.upstreams().acquire(chosen.target().origin(), this, fresh);
        if (state == State.ACQUIRING) {
            acquisition = asked;
        }
    }

    @Override
    public void lent(UpstreamLease lent) {
        // A connection that was there at once is lent in the middle of a read, whose end flushes.
        boolean isLate = acquisition != null || heldBecause != null;
        acquisition = null;
        endHold(HoldResult.CONNECTED);
        lease = lent;
        state = State.AWAITING_RESPONSE;
        record.connected(isLate ? System.nanoTime() : routedAt, lent.isReused());
        client.enter(
                Phase.AWAITING_RESPONSE, isWebsocket ? null : context.timeouts().clientSilence());
        UpstreamConnection connection = lent.connection();
        client.entry().pairWith(connection.entry());
        if (!lent.isReused()) {
            context.buffers().install(connection.entry().channel());
        }
        Duration answerSilence = upstreamSilence();
        Duration silence = isWebsocket ? context.timeouts().upgradeSilence(answerSilence) : answerSilence;
        FailureKind onSilence = isWebsocket ? FailureKind.UPGRADE_TIMEOUT : FailureKind.UPSTREAM_SILENT;
        if (hasBody) {
            connection.send(request, this, silence, answerSilence, onSilence);
        } else {
            connection.sendWhole(request, this, silence, answerSilence, onSilence);
        }
        if (hasBody && HttpUtil.is100ContinueExpected(request)) {
            client.sendContinue();
        }
        while (!unsentBody.isEmpty()) {
            connection.sendBody(unsentBody.remove());
        }
        client.setReading(connection.isWritable());
        if (isLate) {
            context.buffers().flush(connection.entry(), connection);
        }
    }

    private @Nullable Duration upstreamSilence() {
        Duration ofAll = context.timeouts().upstreamSilence();
        RouteOptions options = route == null ? null : route.options();
        return options == null ? ofAll : options.upstreamSilence(ofAll);
    }

    @Override
    public void refused(Failure why) {
        acquisition = null;
        if (!hold(why)) {
            fail(why);
        }
    }

    // ---- hold ----

    /**
     * A server whose route was just added may be about to listen. Then the request waits for it, where it is: its body stays
     * with the client, which is not read.
     */
    private boolean hold(Failure why) {
        YoungRoutes young = context.youngRoutes();
        long nanos = route == null ? 0 : young.nanosToHold(route, why, System.nanoTime());
        if (nanos == 0 || (heldBecause == null && !young.tryEnter())) {
            return false;
        }
        heldBecause = why;
        state = State.HELD;
        client.enter(Phase.HELD, Duration.ofNanos(nanos));
        long pause = TimeUnit.MILLISECONDS.toNanos(young.pauseMillis(System.identityHashCode(this)));
        nextTry = client.entry()
                .channel()
                .eventLoop()
                .schedule(this::tryAgain, Math.min(pause, nanos), TimeUnit.NANOSECONDS);
        return true;
    }

    private void tryAgain() {
        nextTry = null;
        Route chosen = route;
        Failure why = heldBecause;
        if (chosen == null || why == null) {
            return;
        }
        Route inForce = context.routes().get(chosen.path());
        if (inForce != null && inForce.target().equals(chosen.target())) {
            acquire(chosen, hasRetried);
        } else {
            // Whoever comes to listen at that address is not whom the client wants.
            fail(why);
        }
    }

    /** The route is no news any more. */
    public void holdingTookTooLong() {
        Failure why = heldBecause;
        if (why != null) {
            fail(why);
        }
    }

    private void endHold(HoldResult result) {
        if (heldBecause == null) {
            return;
        }
        heldBecause = null;
        if (nextTry != null) {
            nextTry.cancel(false);
            nextTry = null;
        }
        context.youngRoutes().leave();
        context.observer().holdEnded(result);
    }

    // ---- the client's events ----

    /** A piece of the request's body, which the exchange takes over. */
    public void requestBody(HttpContent content) {
        if (!hasBody) {
            content.release(); // the empty end of a request that was sent whole
            return;
        }
        int bytes = content.content().readableBytes();
        record.received(bytes);
        if (use != null) {
            use.clientSent(bytes);
        }
        UpstreamLease held = lease;
        if (held != null) {
            UpstreamConnection upstream = held.connection();
            upstream.sendBody(content);
            if (!context.buffers().takesMore(upstream.entry(), upstream)) {
                client.setReading(false);
            }
        } else if (state == State.ROUTING || state == State.ACQUIRING || state == State.HELD) {
            unsentBody.add(content);
        } else {
            content.release();
        }
    }

    /** Nothing more to read from the client for now. */
    public void requestPaused() {
        UpstreamLease held = lease;
        if (held != null) {
            UpstreamConnection upstream = held.connection();
            context.buffers().flush(upstream.entry(), upstream);
            if (!upstream.isWritable()) {
                client.setReading(false);
            }
        }
    }

    /** The client takes bytes again, or no longer, about which whoever writes finds out itself. */
    public void clientWritabilityChanged() {
        UpstreamLease held = lease;
        if (held != null && client.isWritable()) {
            held.connection().setReading(true);
        }
    }

    /** The client has left: whatever is under way for it ends. */
    public void clientGone() {
        finish();
        record.end(context.observer(), client.entry().reason(), Ending.CLIENT_LEFT);
    }

    /** What the client sends is no body, so this ends here; the client gets an answer because of {@code why}, if any. */
    public void bodyIsBroken(@Nullable Failure why) {
        finish();
        if (why != null) {
            record.failed(why.kind());
        }
        record.end(context.observer(), why == null ? Ending.CLIENT_LEFT : Ending.FAILED);
    }

    /** No connection came in time. */
    public void acquiringTookTooLong() {
        Acquisition asked = acquisition;
        if (asked != null) {
            acquisition = null;
            fail(asked.timeOut());
        }
    }

    // ---- the upstream's events ----

    @Override
    public void informational(HttpResponse head) {
        // The client has been told to continue when the connection was there; other news it has not heard.
        if (head.status().code() != 100) {
            client.sendInformational(head);
        }
    }

    @Override
    public void responseHead(HttpResponse head) {
        status = head.status().code();
        record.answered(status);
        if (use != null) {
            use.answered(status);
        }
        if (status == 101) {
            upgrade(head);
            return;
        }
        state = State.RELAYING;
        if (!isWebsocket) {
            context.observer().responded(status, false);
        }
        client.enter(Phase.RELAYING, context.timeouts().clientSilence());
        if (route != null) {
            context.responseForwarding().apply(head, route.target().origin(), requestedHost);
        }
        client.sendHead(head);
    }

    @Override
    public void responseBody(HttpContent content) {
        boolean isLast = content instanceof LastHttpContent;
        int bytes = content.content().readableBytes();
        record.sent(bytes);
        if (use != null) {
            use.upstreamSent(bytes);
            if (isLast) {
                use.answeredToTheEnd();
            }
        }
        client.sendBody(content);
        if (isLast) {
            finish();
            record.end(context.observer(), Ending.COMPLETE);
            client.responseEnded();
        } else if (lease != null && !client.takesMore()) {
            // Not only when the read is over: one turn of reading brings several times what may wait for a slow client.
            lease.connection().setReading(false);
        }
    }

    @Override
    public void responsePaused() {
        client.flush();
        UpstreamLease held = lease;
        if (held != null && !client.isWritable()) {
            held.connection().setReading(false);
        }
    }

    @Override
    public void upstreamWritabilityChanged() {
        UpstreamLease held = lease;
        if (held != null && held.connection().isWritable()) {
            client.setReading(true);
        }
    }

    @Override
    public void upstreamFailed(Failure why) {
        if (state == State.RELAYING) {
            logger.info("{} {} {}: the response was cut off: {}", status, request.method(), path(), why.detail());
            finish();
            record.end(
                    context.observer(), why.kind() == FailureKind.UPSTREAM_SILENT ? Ending.DEADLINE : Ending.CUT_OFF);
            client.abort(CloseReason.OTHER_SIDE);
        } else if (mayRetry(why) && route != null) {
            hasRetried = true;
            discardLease();
            acquire(route, true);
        } else {
            fail(why);
        }
    }

    /**
     * A connection from the pool may have been closed by the upstream just as the request went out. A request that does no
     * harm when it is done twice, and of which no body is gone, gets one more try on a fresh connection (RFC 9110 9.2.2).
     */
    private boolean mayRetry(Failure why) {
        return why.kind() == FailureKind.UPSTREAM_CLOSED
                && lease != null
                && lease.isReused()
                && !hasRetried
                && !hasBody
                && isIdempotent(request.method());
    }

    private static boolean isIdempotent(HttpMethod method) {
        return HttpMethod.GET.equals(method)
                || HttpMethod.HEAD.equals(method)
                || HttpMethod.OPTIONS.equals(method)
                || HttpMethod.PUT.equals(method)
                || HttpMethod.DELETE.equals(method)
                || HttpMethod.TRACE.equals(method);
    }

    // ---- upgrade ----

    private void upgrade(HttpResponse head) {
        UpstreamLease held = lease;
        if (!isWebsocket || held == null) {
            fail(new Failure(FailureKind.UPSTREAM_PROTOCOL, "a 101 that was not asked for"));
            return;
        }
        lease = null;
        state = State.FINISHED;
        UpstreamConnection upstream = held.keepForTunnel();
        leaveWith(upstream);
        if (use != null) {
            use.becameTunnel();
        }
        Tunnel tunnel = new Tunnel(
                client.entry(),
                upstream.entry(),
                context.timeouts(),
                context.buffers(),
                head.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true),
                new TunnelListener(context, use, record));
        // Both sides stop writing HTTP before either hands over the bytes that came early.
        client.enterTunnel(head, tunnel.clientEnd());
        upstream.enterTunnel(tunnel.upstreamEnd());
        client.leaveHttp();
        upstream.leaveHttp();
        tunnel.open();
    }

    /** The route's share of connections is used for as long as the tunnel's is open. */
    private void leaveWith(UpstreamConnection upstream) {
        RouteOptions used = entered;
        if (used != null) {
            entered = null;
            upstream.entry().channel().closeFuture().addListener(closed -> used.leave());
        }
    }

    // ---- failure ----

    private void fail(Failure why) {
        if (state == State.FINISHED || state == State.ANSWERING_FAILURE) {
            return;
        }
        endHold(HoldResult.FAILED);
        finish();
        state = State.ANSWERING_FAILURE;
        int code = why.kind().status();
        record.failed(why.kind());
        context.observer().responded(code, true);
        if (isWorthALine(why)) {
            logger.atLevel(why.kind().level()).log("{} {} {} {}", code, request.method(), path(), why.detail());
        }
        if (why.kind() == FailureKind.CONNECT_REFUSED && route != null) {
            noteRefusal(route);
        }
        ErrorPage json = isWebsocket ? null : context.errorFormat().json(why.kind(), accepted, routingPath(), route);
        if (isWebsocket || json != null) {
            answer(why.kind(), json);
        } else {
            // The page has a deadline of its own, whatever phase the failure has met.
            client.enter(Phase.AWAITING_RESPONSE, null);
            context.errorPages().find(code, uriForPage(), page -> answer(why.kind(), page));
        }
    }

    /** What is refused at a bound, or for want of a connection, comes by the thousand and is counted after a while. */
    private boolean isWorthALine(Failure why) {
        FailureKind kind = why.kind();
        if (route == null || !(kind.isShed() || kind.isOfConnecting())) {
            return true;
        }
        return context.repeats()
                .isWorthALine(kind.status() + " " + kind.label() + " "
                        + route.target().origin());
    }

    /** A route from a store may lead to a server that is no more, or to somebody else's; so the operator hears of it. */
    private void noteRefusal(Route chosen) {
        Restoration restoration = chosen.restoration();
        if (restoration != null
                && !restoration.isConfirmed()
                && restoration.refused(context.clock().epochMillis())) {
            logger.warn("The route {} was restored and its server refuses connections", chosen);
        }
    }

    private void answer(FailureKind why, @Nullable ErrorPage page) {
        if (state == State.FINISHED) {
            return; // the client left while the page was on its way
        }
        state = State.FINISHED;
        int retryAfter = why.isShed() ? RETRY_SHED_AFTER_SECONDS : 0;
        client.sendPage(why.status(), page, retryAfter, context.errorFormat().reason(why));
        record.sent(page == null ? 0 : page.body().readableBytes());
        record.end(context.observer(), Ending.FAILED);
        client.responseEnded();
    }

    private String path() {
        return target.path();
    }

    private String uriForPage() {
        return route == null
                ? requestedUri
                : context.requestForwarding().withoutRoutePrefix(requestedUri, target, route);
    }

    // ---- finish ----

    private void finish() {
        state = State.FINISHED;
        endHold(HoldResult.LEFT);
        if (acquisition != null) {
            acquisition.cancel();
            acquisition = null;
        }
        while (!unsentBody.isEmpty()) {
            unsentBody.remove().release();
        }
        UpstreamLease held = lease;
        if (held != null) {
            // Taken back, a connection in the middle of something is closed; only a clean one is lent again.
            lease = null;
            client.entry().unpair();
            held.giveBack();
        }
        RouteOptions used = entered;
        if (used != null) {
            entered = null;
            used.leave();
        }
    }

    private void discardLease() {
        UpstreamLease held = lease;
        if (held != null) {
            lease = null;
            client.entry().unpair();
            held.discard(CloseReason.PEER);
        }
    }
}
