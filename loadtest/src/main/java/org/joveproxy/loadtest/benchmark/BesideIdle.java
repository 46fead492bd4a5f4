package org.joveproxy.loadtest.benchmark;

import java.io.IOException;

/**
 * Load for a proxy that has idle websockets besides, all of which must stay open. Immutable.
 *
 * @param websockets on which nothing moves
 */
record BesideIdle(Load load, int websockets) implements Load {
    @Override
    public Session open(Contender.Started proxy, Setup setup)
            throws IOException, InterruptedException, BenchmarkException {
        Websockets.Crowd idle = new Websockets(websockets, 64).open(proxy, setup);
        try {
            return new Both(load.open(proxy, setup), idle);
        } catch (IOException | InterruptedException | BenchmarkException e) {
            idle.close();
            throw e;
        }
    }

    private record Both(Session busy, Websockets.Crowd idle) implements Session {
        @Override
        public Answers run(int seconds) throws IOException, InterruptedException, BenchmarkException {
            Answers answers = busy.run(seconds);
            idle.check();
            return answers;
        }

        @Override
        public void close() {
            busy.close();
            idle.close();
        }
    }
}
