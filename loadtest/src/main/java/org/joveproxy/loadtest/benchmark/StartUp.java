package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joveproxy.loadtest.kernel.ProcessCost;
import org.joveproxy.loadtest.subject.SubjectException;

/**
 * How long it takes from the start of the process to the first answer by the server behind, on all cores. Where a proxy has
 * an archive of loaded classes it is measured without that, too. Immutable.
 */
record StartUp(String name) implements Workload {
    private static final int LEAST_ROUNDS = 5;
    private static final String WITHOUT = "-no-archive";

    @Override
    public String title() {
        return "from exec to the first answer, all cores";
    }

    @Override
    public String unit() {
        return "seconds";
    }

    @Override
    public List<Contender> contenders(List<Contender> all) {
        List<Contender> more = new ArrayList<>();
        for (Contender contender : all) {
            more.add(contender);
            if (contender instanceof HubProxy proxy) {
                Optional<HubProxy> without = proxy.withoutArchive(proxy.name() + WITHOUT);
                without.ifPresent(more::add);
            }
        }
        return more;
    }

    @Override
    public void measure(Ground ground) throws IOException, InterruptedException {
        Setup setup = ground.setup(0, false);
        List<Contender> order = new ArrayList<>(ground.contenders());
        int rounds = Math.max(LEAST_ROUNDS, ground.pace().rounds());
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : order) {
                int number = round;
                ground.attempt(contender, () -> round(ground, number, contender, setup));
            }
            order.add(order.remove(0));
        }
    }

    private void round(Ground ground, int number, Contender contender, Setup setup)
            throws SubjectException, IOException, InterruptedException, BenchmarkException {
        try (Contender.Started proxy = contender.start(setup, ground.pinning().allPrefix())) {
            Duties.firstAnswer(proxy, setup);
            double seconds = (System.nanoTime() - proxy.startedAt()) / 1e9;
            ground.started(contender.name(), proxy.commandLine());
            long rss = ProcessCost.of(proxy.pid()).rssKib();
            ground.remember(contender.name(), new Memory(rss, rss));
            ground.add(new Round(name, number, contender.name(), seconds, null), "s");
        }
    }
}
