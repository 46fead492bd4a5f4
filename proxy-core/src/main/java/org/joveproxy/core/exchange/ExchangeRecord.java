package org.joveproxy.core.exchange;

import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.joveproxy.core.relay.ClientFacts;
import org.joveproxy.core.routing.Route;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Notes what becomes of one request, and tells the observer once at its end. It holds on to nothing of the request but
 * its method, path and protocol, for that of a websocket lives as long as the websocket.
 *
 * <p>Confined to the exchange's event loop.
 */
@EventLoopConfined
public final class ExchangeRecord implements ExchangeReport {
    private final ClientFacts facts;
    private final RequestKind kind;
    private final String method;
    private final String path;
    private final String protocol;
    private long beganAt;
    private @Nullable Route route;
    private @Nullable RouteUse use;
    private int status;
    private @Nullable FailureKind failure;
    private Ending ending = Ending.COMPLETE;
    private boolean hasReusedConnection;
    private boolean isTold;
    private long connectionNanos = NEVER;
    private long firstByteNanos = NEVER;
    private long totalNanos;
    private long bytesIn;
    private long bytesOut;

    ExchangeRecord(ClientFacts facts, RequestKind kind, String method, String path, String protocol) {
        this.facts = facts;
        this.kind = kind;
        this.method = method;
        this.path = path;
        this.protocol = protocol;
    }

    /**
     * Tells {@code observer} of a request that the proxy has answered without an exchange.
     *
     * @param method empty when the request could not be understood, as {@code path} and {@code protocol}
     * @param bytesOut of the page that the client got
     */
    public static void refused(
            ProxyObserver observer,
            ClientFacts facts,
            boolean isWebsocket,
            String method,
            String path,
            String protocol,
            FailureKind why,
            long bytesOut) {
        ExchangeRecord record = new ExchangeRecord(facts, kind(isWebsocket), method, path, protocol);
        record.begin(System.nanoTime());
        record.failed(why);
        record.sent(bytesOut);
        record.end(observer, Ending.FAILED);
    }

    static RequestKind kind(boolean isWebsocket) {
        return isWebsocket ? RequestKind.WEBSOCKET : RequestKind.WEB;
    }

    // ---- what becomes of it ----

    /** The request is there, at {@code nanoTime}. */
    void begin(long nanoTime) {
        beganAt = nanoTime;
    }

    /** It goes by {@code chosen}; its end will be that of {@code useOfIt}. Both are null when there is no route. */
    void takes(@Nullable Route chosen, @Nullable RouteUse useOfIt) {
        route = chosen;
        use = useOfIt;
    }

    /** A connection to the upstream is there since {@code nanoTime}. */
    void connected(long nanoTime, boolean isReused) {
        connectionNanos = nanoTime - beganAt;
        hasReusedConnection = isReused;
    }

    /** The upstream answers with {@code answered}. */
    void answered(int answered) {
        status = answered;
        firstByteNanos = System.nanoTime() - beganAt;
    }

    /** The proxy itself answers, because of {@code why}. */
    void failed(FailureKind why) {
        status = why.status();
        failure = why;
    }

    void received(int bytes) {
        bytesIn += bytes;
    }

    void sent(long bytes) {
        bytesOut += bytes;
    }

    /** It is over. Only the first time counts. */
    void end(ProxyObserver observer, Ending how) {
        if (!isTold) {
            isTold = true;
            ending = how;
            totalNanos = System.nanoTime() - beganAt;
            if (use != null) {
                use.ended();
            }
            observer.exchangeEnded(this);
        }
    }

    /** It is over because a socket was closed for {@code why}; {@code otherwise} it was a peer that closed it. */
    void end(ProxyObserver observer, @Nullable CloseReason why, Ending otherwise) {
        end(observer, why == null ? otherwise : ending(why, otherwise));
    }

    private static Ending ending(CloseReason why, Ending otherwise) {
        return switch (why) {
            case DEADLINE -> Ending.DEADLINE;
            case EVICTED -> Ending.EVICTED;
            case SHUTDOWN -> Ending.SHUTDOWN;
            case OUR_BUG -> Ending.OUR_BUG;
            case PEER, COMPLETE, PROTOCOL_ERROR, OTHER_SIDE -> otherwise;
        };
    }

    // ---- the report ----

    @Override
    public RequestKind kind() {
        return kind;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public @Nullable String client() {
        return facts.client();
    }

    @Override
    public @Nullable String requestId() {
        return facts.requestId();
    }

    @Override
    public @Nullable Route route() {
        return route;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Ending ending() {
        return ending;
    }

    @Override
    public @Nullable FailureKind failure() {
        return failure;
    }

    @Override
    public boolean hasReusedConnection() {
        return hasReusedConnection;
    }

    @Override
    public long connectionNanos() {
        return connectionNanos;
    }

    @Override
    public long firstByteNanos() {
        return firstByteNanos;
    }

    @Override
    public long totalNanos() {
        return totalNanos;
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }
}
