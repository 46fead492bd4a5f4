package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a proxy does twice as much with two event loops: what an operation costs with one and with two, on all cores. The
 * rate cannot tell where the load needs the same cores. When two loops cost as much by operation as one, they do twice its
 * work. Immutable.
 */
record Loops(UnderLoad load) implements Workload {
    private static final int LOOPS = 2;
    private static final String SUFFIX = "-" + LOOPS;

    @Override
    public String name() {
        return load.name();
    }

    @Override
    public String title() {
        return load.title() + ", ratio to one loop";
    }

    @Override
    public String unit() {
        return load.unit();
    }

    @Override
    public List<Contender> contenders(List<Contender> all) {
        return load.contenders(all).stream()
                .flatMap(one ->
                        one.withLoops(LOOPS, one.name() + SUFFIX).stream().flatMap(two -> Stream.of(one, two)))
                .toList();
    }

    @Override
    public String measureOf(String proxy, String measure) {
        return proxy.endsWith(SUFFIX) ? proxy.substring(0, proxy.length() - SUFFIX.length()) : proxy;
    }

    @Override
    public void measure(Ground ground) throws IOException, InterruptedException {
        load.measure(ground);
    }
}
