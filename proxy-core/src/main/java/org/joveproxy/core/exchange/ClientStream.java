package org.joveproxy.core.exchange;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import org.joveproxy.core.errorpage.ErrorPage;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.joveproxy.core.lifecycle.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange, whatever protocol carries it: the response goes out here.
 *
 * <p>Framing, persistence and pipelining are the stream's own business. Called on the exchange's event loop.
 */
public interface ClientStream {
    /** The exchange has come to {@code phase}, where the client may be silent for {@code silence}, or for ever. */
    void enter(Phase phase, @Nullable Duration silence);

    /** Reads the request on, or leaves it in the kernel for now. */
    void setReading(boolean reading);

    /** Whether bytes written now go out rather than pile up. */
    boolean isWritable();

    /** The same after what waits has been pushed out; when it is still too much, the client is known to be slow. */
    boolean takesMore();

    /** Tells the client to send the body that it holds back. */
    void sendContinue();

    /** Passes on a head that is not the final one. */
    void sendInformational(HttpResponse head);

    /** Sends the final head. */
    void sendHead(HttpResponse head);

    /** Sends a piece of the body and takes it over; the last one ends the response. */
    void sendBody(HttpContent content);

    /**
     * Sends a whole answer of the proxy's own and ends the response; a null page means no body.
     *
     * @param retryAfter the seconds after which the client may ask again with better luck, or 0 to say nothing of that
     * @param reason the word for what went wrong, or null to keep it to ourselves
     */
    void sendPage(int status, @Nullable ErrorPage page, int retryAfter, @Nullable String reason);

    /** Pushes out what was sent so far. */
    void flush();

    /** The response is complete: the stream goes on to its next request, or closes. */
    void responseEnded();

    /** The response cannot be completed: the client must see that it was cut off. */
    void abort(CloseReason why);

    /** Sends {@code head}, the 101, and puts {@code tunnelEnd} in the place of the HTTP handlers that write. */
    void enterTunnel(HttpResponse head, ChannelHandler tunnelEnd);

    /** Takes the last of HTTP off the connection; bytes the client sent early reach the tunnel's end at once. */
    void leaveHttp();

    /** The ledger's entry of the connection. */
    LedgerEntry entry();
}
