package org.joveproxy.loadtest.leaks;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.joveproxy.loadtest.stage.Script;
import org.joveproxy.loadtest.stage.Wire;

/**
 * A server that does something once it has so many bytes of an upload. One for each connection, confined to its event loop.
 */
final class OnUpload implements Script {
    private final long length;
    private final Consumer<Wire> action;
    private final StringBuilder head = new StringBuilder();
    private long body = -1;

    /** @param action when {@code length} bytes of the body have come; must not block */
    OnUpload(long length, Consumer<Wire> action) {
        this.length = length;
        this.action = action;
    }

    @Override
    public void received(Wire wire, byte[] bytes) {
        long before = body;
        if (body < 0) {
            head.append(new String(bytes, StandardCharsets.ISO_8859_1));
            int end = head.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            body = (long) head.length() - end - 4;
        } else {
            body += bytes.length;
        }
        if (before < length && body >= length) {
            action.accept(wire);
        }
    }
}
