package org.joveproxy.loadtest.scenario;

import org.joveproxy.loadtest.kernel.Watcher;
import org.joveproxy.loadtest.stage.Routes;
import org.joveproxy.loadtest.subject.Subject;

/** A subject that runs, with what watches it and its REST API. Closing it ends both. Any thread may call any method. */
public record Running(Subject subject, Watcher watcher, Routes routes) implements AutoCloseable {
    public int port() {
        return subject.publicPort();
    }

    @Override
    public void close() {
        watcher.close();
        subject.close();
    }
}
