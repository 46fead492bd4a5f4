package org.joveproxy.loadtest.kernel;

/** The states of a TCP socket, in the order in which the kernel numbers them from 1 on. */
public enum TcpState {
    ESTABLISHED,
    SYN_SENT,
    SYN_RECV,
    FIN_WAIT1,
    FIN_WAIT2,
    TIME_WAIT,
    CLOSE,
    CLOSE_WAIT,
    LAST_ACK,
    LISTEN,
    CLOSING,
    NEW_SYN_RECV;

    private static final TcpState[] BY_NUMBER = values();

    static TcpState numbered(int number) {
        if (number < 1 || number > BY_NUMBER.length) {
            throw new IllegalArgumentException("TCP state: " + number + " (expected: 1 to " + BY_NUMBER.length + ")");
        }
        return BY_NUMBER[number - 1];
    }
}
