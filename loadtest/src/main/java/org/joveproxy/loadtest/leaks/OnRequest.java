package org.joveproxy.loadtest.leaks;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Wire;

/**
 * A server that does something when the head of a request has come, and nothing else. One for each connection, confined to
 * its event loop.
 */
class OnRequest implements Script {
    private static final int MAX_HEAD = 64 << 10;

    private final Consumer<Wire> action;
    private final StringBuilder head = new StringBuilder();

    /** @param action at each head; must not block */
    OnRequest(Consumer<Wire> action) {
        this.action = action;
    }

    @Override
    public void received(Wire wire, byte[] bytes) {
        if (head.length() < MAX_HEAD) {
            head.append(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        if (head.indexOf("\r\n\r\n") >= 0) {
            head.setLength(0);
            action.accept(wire);
        }
    }

    /** The same, but a FIN of the proxy is not answered. */
    static OnRequest ignoringFin(Consumer<Wire> action) {
        return new OnRequest(action) {
            @Override
            public void ended(Wire wire) {
                // stays open
            }
        };
    }
}
