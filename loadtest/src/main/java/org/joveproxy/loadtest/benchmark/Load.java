package org.joveproxy.loadtest.benchmark;

import java.io.IOException;

/** A way to keep a proxy busy. Implementations are immutable. */
interface Load {
    /** Makes ready what is not to be measured, such as connections that stay. */
    Session open(Contender.Started proxy, Setup setup) throws IOException, InterruptedException, BenchmarkException;

    /** Load for one proxy. Confined to one thread. */
    interface Session extends AutoCloseable {
        /**
         * Loads the proxy for about {@code seconds}.
         *
         * @throws BenchmarkException when a single answer is not what it should be
         */
        Answers run(int seconds) throws IOException, InterruptedException, BenchmarkException;

        @Override
        void close();
    }
}
