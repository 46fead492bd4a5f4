package org.joveproxy.core.upstream;

import org.joveproxy.core.failure.Failure;

/** Waits for an upstream connection. Exactly one of the two methods is called, once, on the borrower's event loop. */
public interface Borrower {
    /** Here is the connection; it must be given back or discarded. */
    void lent(UpstreamLease lease);

    /** There is none to be had. */
    void refused(Failure why);
}
