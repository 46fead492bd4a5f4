package org.joveproxy.core.lifecycle;

/** Who ended a connection, or what did. The first reason given is the one that counts. */
public enum CloseReason {
    /** The peer closed or reset it. */
    PEER,
    /** It outstayed the deadline of its phase. */
    DEADLINE,
    /** The protocol said that it ends here: {@code Connection: close}, HTTP/1.0, the end of a tunnel. */
    COMPLETE,
    /** What the peer sent could not be understood. */
    PROTOCOL_ERROR,
    /** The other side of the exchange failed or left. */
    OTHER_SIDE,
    /** It was unused and no longer wanted in a pool. */
    EVICTED,
    /** The proxy is stopping. */
    SHUTDOWN,
    /** Our own bug; the log has the stack. */
    OUR_BUG;

    private final String label = name().toLowerCase(java.util.Locale.ROOT);

    /** The word used in logs and metric labels. */
    public String label() {
        return label;
    }
}
