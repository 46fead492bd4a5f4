package org.joveproxy.loadtest.benchmark;

import java.io.IOException;

/**
 * Half as many requests as the proxy can answer, which is found out just before: what a request costs, and how long it
 * takes, when the proxy is not busy all the time. Immutable.
 *
 * @param full as much as the proxy can take
 */
record HalfLoad(Wrk full) implements Load {
    private static final int FINDS_OUT_IN_SECONDS = 2;

    @Override
    public Session open(Contender.Started proxy, Setup setup)
            throws IOException, InterruptedException, BenchmarkException {
        double most;
        try (Session session = full.open(proxy, setup)) {
            most = session.run(FINDS_OUT_IN_SECONDS).perSecond();
        }
        return full.paced(most / 2).open(proxy, setup);
    }
}
