package org.joveproxy.loadtest.stage;

/**
 * What a stand-in does on one raw TCP connection. Called on the event loop of that connection; must not block.
 *
 * <p>By default it takes what comes and closes when the other side has closed.
 */
public interface Script {
    default void opened(Wire wire) {}

    default void received(Wire wire, byte[] bytes) {}

    /** The other side has sent its FIN. */
    default void ended(Wire wire) {
        wire.close();
    }

    /** The connection is gone, whoever ended it and however. */
    default void closed(Wire wire) {}
}
