package org.joveproxy.core.downstream;

import org.joveproxy.core.exchange.ExchangeContext;
import org.joveproxy.core.lifecycle.LoopBuffers;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * What all client connections of one event loop share.
 *
 * <p>Confined to the event loop.
 */
@EventLoopConfined
public final class ClientLoop {
    private final ExchangeContext context;
    private final HttpDate date = new HttpDate();
    private final Admission admission;
    private final int maxHeaderBytes;
    private boolean isDraining;

    /** Client connections whose exchanges share {@code context}, as far as {@code admission} lets them in. */
    public ClientLoop(ExchangeContext context, Admission admission, int maxHeaderBytes) {
        this.context = context;
        this.admission = admission;
        this.maxHeaderBytes = maxHeaderBytes;
    }

    /** From now on each connection closes after the answer to its present request. */
    public void drain() {
        isDraining = true;
    }

    boolean isDraining() {
        return isDraining;
    }

    ExchangeContext context() {
        return context;
    }

    Admission admission() {
        return admission;
    }

    LoopBuffers buffers() {
        return context.buffers();
    }

    int maxHeaderBytes() {
        return maxHeaderBytes;
    }

    String date() {
        return date.at(context.clock().epochMillis());
    }
}
