package org.joveproxy.core.upstream;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import org.joveproxy.core.EmbeddedSocket;
import org.joveproxy.core.Messages;
import org.joveproxy.core.failure.Failure;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.routing.Origin;

/** Puts a socket without a kernel into an event loop's pool. */
public final class EmbeddedUpstream {
    private EmbeddedUpstream() {}

    /** Opens a socket that lies in the pool for {@code origin}, and is lent from then on to whoever asks for one. */
    public static EmbeddedSocket pooled(UpstreamConnector connector, UpstreamPools pools, Origin origin) {
        // Who asks makes the pool. Its attempt to connect is given up before it has begun.
        pools.acquire(origin, new Nobody(), true).cancel();
        UpstreamPool pool = connector.budgets().poolsOf(origin).get(0);
        EmbeddedSocket socket = new EmbeddedSocket();
        LedgerEntry entry = connector.ledger().open(socket.channel(), Role.UPSTREAM, Phase.CONNECTING);
        entry.leadsTo(origin.toString());
        UpstreamConnection connection = new UpstreamConnection(pool, entry, connector.maxHeaderBytes());
        connection.install();

        // The pool takes back only what has carried an exchange to its end.
        connection.sendWhole(
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"),
                new Nobody(),
                null,
                null,
                FailureKind.UPSTREAM_SILENT);
        connection.flush();
        socket.takeSent();
        socket.receive(Messages.answer());
        new UpstreamLease(pool, connection, false).giveBack();
        return socket;
    }

    /** Wants no connection and no answer. */
    private static final class Nobody implements Borrower, ResponseListener {
        @Override
        public void lent(UpstreamLease lease) {
            throw new IllegalStateException("lent to nobody");
        }

        @Override
        public void refused(Failure why) {
            throw new IllegalStateException(why.detail());
        }

        @Override
        public void informational(HttpResponse head) {}

        @Override
        public void responseHead(HttpResponse head) {}

        @Override
        public void responseBody(HttpContent content) {
            content.release();
        }

        @Override
        public void responsePaused() {}

        @Override
        public void upstreamWritabilityChanged() {}

        @Override
        public void upstreamFailed(Failure why) {
            throw new IllegalStateException(why.detail());
        }
    }
}
