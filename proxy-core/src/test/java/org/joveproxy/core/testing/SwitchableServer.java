package org.joveproxy.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A stub upstream that is there before the proxy, whose settings name it, and whose script is chosen later. */
public final class SwitchableServer implements AutoCloseable {
    private final StubUpstream stub;
    private volatile StubUpstream.Script script = StubUpstream.answering("");

    /** Starts to listen; each connection follows the script that is in force when it begins. */
    public SwitchableServer() {
        try {
            stub = new StubUpstream((connection, self) -> script.serve(connection, self));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connections from now on follow {@code next}. */
    public void serve(StubUpstream.Script next) {
        script = next;
    }

    /** The stub that serves. */
    public StubUpstream stub() {
        return stub;
    }

    public String url() {
        return stub.url();
    }

    public int acceptedCount() {
        return stub.acceptedCount();
    }

    public int mostOpenCount() {
        return stub.mostOpenCount();
    }

    @Override
    public void close() throws IOException {
        stub.close();
    }
}
