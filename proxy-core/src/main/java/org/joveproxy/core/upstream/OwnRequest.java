package org.joveproxy.core.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.Purpose;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.threading.EventLoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One request that the proxy makes itself, without a body, over the sockets that carry the clients' requests.
 *
 * <p>It ends exactly once: answered, failed, or cancelled by whoever made it; a time limit holds for all of it. A GET takes
 * an unused connection, and goes out once more when the upstream had closed that one meanwhile. Any other request must not
 * be done twice and takes a fresh connection. Confined to its event loop.
 */
@EventLoopConfined
public final class OwnRequest {
    private final UpstreamPools upstreams;
    private final Origin origin;
    private final HttpRequest request;
    private final Purpose purpose;
    private final Duration limit;
    private final Listener listener;
    private final Call call = new Call();
    private final ScheduledFuture<?> deadline;
    private @Nullable Acquisition acquisition;
    private @Nullable UpstreamLease lease;
    private boolean hasHead;
    private boolean hasRetried;
    private boolean isOver;

    /** Hears what becomes of a request. Called on the event loop; {@link #cancel} may be called from within. */
    public interface Listener {
        /** The head of the final answer, of whatever status. */
        void head(HttpResponse head);

        /** A piece of the answer's body, which belongs to the caller. */
        void body(ByteBuf piece);

        /**
         * It is over, for whatever reason, and about to let go of its connection. Unless it was cancelled, {@link #answered}
         * or {@link #failed} follows.
         */
        void over();

        /** The answer is whole. */
        void answered();

        /** There is no answer, or no whole one. */
        void failed(Failure why);
    }

    /**
     * Makes {@code request} to {@code origin}, once it is started. The time begins now.
     *
     * @param request its head, with all its fields
     * @param purpose what the connection is for meanwhile
     * @param limit how long it may take to the end of the answer
     */
    public OwnRequest(
            UpstreamPools upstreams,
            EventLoop loop,
            Origin origin,
            HttpRequest request,
            Purpose purpose,
            Duration limit,
            Listener listener) {
        this.upstreams = upstreams;
        this.origin = origin;
        this.request = request;
        this.purpose = purpose;
        this.limit = limit;
        this.listener = listener;
        this.deadline = loop.schedule(this::tookTooLong, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends it, now or when there is a connection. The listener may hear of a failure before this method returns. */
    public void start() {
        acquire(!mayBeSentTwice());
    }

    private boolean mayBeSentTwice() {
        return HttpMethod.GET.equals(request.method());
    }

    private void acquire(boolean fresh) {
        Acquisition asked = upstreams.acquire(origin, call, fresh);
        if (lease == null && !isOver) {
            acquisition = asked;
        }
    }

    /** Ends it, unless it is over. The listener hears that it is over and nothing more. */
    public void cancel() {
        if (!isOver) {
            end();
        }
    }

    private void tookTooLong() {
        fail(new Failure(FailureKind.UPSTREAM_SILENT, "no answer for " + limit.toSeconds() + " seconds"));
    }

    private void fail(Failure why) {
        if (!isOver) {
            end();
            listener.failed(why);
        }
    }

    private void end() {
        isOver = true;
        deadline.cancel(false);
        listener.over();
        if (acquisition != null) {
            acquisition.cancel();
            acquisition = null;
        }
        UpstreamLease held = lease;
        if (held != null) {
            // In the middle of an answer this closes it.
            lease = null;
            held.giveBack();
        }
    }

    /** What the pool and the connection call. */
    private final class Call implements Borrower, ResponseListener {
        @Override
        public void lent(UpstreamLease lent) {
            acquisition = null;
            lease = lent;
            lent.connection().entry().carries(purpose, null);
            lent.connection().sendWhole(request, this, null, null, FailureKind.UPSTREAM_SILENT);
            lent.connection().flush();
        }

        @Override
        public void refused(Failure why) {
            acquisition = null;
            fail(why);
        }

        @Override
        public void informational(HttpResponse news) {
            // Only the final answer counts.
        }

        @Override
        public void responseHead(HttpResponse head) {
            if (!isOver) {
                hasHead = true;
                listener.head(head);
            }
        }

        @Override
        public void responseBody(HttpContent content) {
            try {
                if (!isOver) {
                    listener.body(content.content());
                }
            } finally {
                content.release();
            }
            if (content instanceof LastHttpContent && !isOver) {
                end();
                listener.answered();
            }
        }

        @Override
        public void responsePaused() {
            // Nothing is passed on.
        }

        @Override
        public void upstreamWritabilityChanged() {
            // The request is one small head.
        }

        @Override
        public void upstreamFailed(Failure why) {
            UpstreamLease held = lease;
            // A connection may be a used one though a fresh one was asked for: given back while this waited for a
            // place.
            if (held != null && held.isReused() && !hasHead && !hasRetried && mayBeSentTwice()) {
                hasRetried = true;
                lease = null;
                held.discard(CloseReason.PEER);
                acquire(true);
            } else {
                fail(why);
            }
        }
    }
}
