package org.joveproxy.loadtest.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.joveproxy.loadtest.kernel.Cores;
import org.joveproxy.loadtest.kernel.CpuTime;
import org.joveproxy.loadtest.kernel.ProcessCost;

/**
 * What an operation costs while the proxy has as many of them as the load makes: processor time of all its processes, user
 * and system, by operation.
 *
 * @param operation for example {@code request}
 * @param scale how many operations the cost is of: 1 for µs, 0.001 for ms
 * @param isOnAllCores whether the proxy may use all cores, those of the load too; otherwise it has one for itself
 */
record UnderLoad(
        String name,
        String title,
        String operation,
        String costUnit,
        double scale,
        int routes,
        boolean isTls,
        boolean isOnAllCores,
        Load load)
        implements Workload {
    private static final int REST_SECONDS = 1;
    private static final int SHORT_WARM_UP_SECONDS = 2;

    /** How much longer than wanted a warm-up may take where the load leaves the proxy idle, or others take its core. */
    private static final int WARM_UP_PATIENCE = 4;

    /** A proxy is warm when an operation costs at least so much of what it cost just before. */
    private static final double STEADY = 0.93;

    /** Costs in microseconds. */
    static UnderLoad micros(String name, String title, String operation, Load load) {
        return new UnderLoad(name, title, operation, "µs", 1e6, 100, false, false, load);
    }

    /** The same with {@code number} routes in the table. */
    UnderLoad withRoutes(int number) {
        return new UnderLoad(name, title, operation, costUnit, scale, number, isTls, isOnAllCores, load);
    }

    /** The same with TLS on the public side. */
    UnderLoad withTls() {
        return new UnderLoad(name, title, operation, costUnit, scale, routes, true, isOnAllCores, load);
    }

    /** The same on all cores. */
    UnderLoad onAllCores() {
        return new UnderLoad(name, title, operation, costUnit, scale, routes, isTls, true, load);
    }

    /** Costs in milliseconds. */
    static UnderLoad millis(String name, String title, String operation, Load load) {
        return new UnderLoad(name, title, operation, "ms", 1e3, 100, false, false, load);
    }

    @Override
    public String unit() {
        return "CPU " + costUnit + " per " + operation;
    }

    @Override
    public List<Contender> contenders(List<Contender> all) {
        return all.stream().filter(contender -> contender.maxRoutes() >= routes).toList();
    }

    @Override
    public void measure(Ground ground) throws IOException, InterruptedException {
        Setup setup = ground.setup(routes, isTls);
        Map<Contender, Contender.Started> running = new LinkedHashMap<>();
        try {
            for (Contender contender : ground.contenders()) {
                ground.attempt(contender, () -> {
                    Contender.Started started = contender.start(
                            setup,
                            isOnAllCores
                                    ? ground.pinning().allPrefix()
                                    : ground.pinning().proxyPrefix());
                    running.put(contender, started);
                    ground.started(contender.name(), started.commandLine());
                });
            }
            TimeUnit.SECONDS.sleep(REST_SECONDS);
            Map<String, Long> idle = new LinkedHashMap<>();
            running.forEach((contender, started) ->
                    idle.put(contender.name(), ProcessCost.of(started.pid()).rssKib()));
            for (Contender contender : running.keySet()) {
                ground.attempt(contender, () -> {
                    Duties.check(started(running, contender), setup);
                    warmUp(ground, contender, started(running, contender), setup);
                });
            }
            List<Contender> order = new ArrayList<>(running.keySet());
            for (int round = 1; round <= ground.pace().rounds(); round++) {
                for (Contender contender : order) {
                    int number = round;
                    ground.attempt(
                            contender, () -> round(ground, number, contender, started(running, contender), setup));
                }
                // Each round begins with another proxy, so that none always runs after the same neighbour.
                order.add(order.remove(0));
            }
            running.forEach((contender, started) -> ground.remember(
                    contender.name(),
                    new Memory(
                            idle.getOrDefault(contender.name(), 0L),
                            ProcessCost.of(started.pid()).rssKib())));
        } finally {
            running.values().forEach(Contender.Started::close);
        }
    }

    private static Contender.Started started(Map<Contender, Contender.Started> running, Contender contender) {
        Contender.Started started = running.get(contender);
        if (started == null) {
            throw new IllegalStateException(contender.name() + " was not started");
        }
        return started;
    }

    private void warmUp(Ground ground, Contender contender, Contender.Started proxy, Setup setup)
            throws IOException, InterruptedException, BenchmarkException {
        int wanted = ground.pace().warmUpSeconds();
        if (!contender.compiles()) {
            wanted = Math.min(wanted, SHORT_WARM_UP_SECONDS);
        }
        if (wanted == 0) {
            return;
        }
        ground.progress().status(name + ": warming up " + contender.name());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos((long) WARM_UP_PATIENCE * wanted);
        double spent = 0;
        double cost = Double.MAX_VALUE;
        boolean isFalling = true;
        try (Load.Session session = load.open(proxy, setup)) {
            // On a busy machine what compiles has to wait, too: then the cost tells that it is not done yet.
            while ((spent < wanted || isFalling) && System.nanoTime() < deadline) {
                ProcessCost before = ProcessCost.of(proxy.pid());
                Answers answers = session.run(Math.min(wanted, SHORT_WARM_UP_SECONDS));
                double seconds = ProcessCost.of(proxy.pid()).since(before).seconds();
                isFalling = contender.compiles() && seconds / answers.operations() < STEADY * cost;
                cost = seconds / answers.operations();
                spent += seconds;
            }
        }
    }

    private void round(Ground ground, int number, Contender contender, Contender.Started proxy, Setup setup)
            throws IOException, InterruptedException, BenchmarkException {
        List<Integer> cores = isOnAllCores
                ? ground.pinning().allCores()
                : List.of(ground.pinning().proxyCore());
        try (Load.Session session = load.open(proxy, setup)) {
            double busyBefore = Cores.busySeconds(cores);
            ProcessCost before = ProcessCost.of(proxy.pid());
            long began = System.nanoTime();
            Answers answers = session.run(ground.pace().seconds());
            CpuTime cpu = ProcessCost.of(proxy.pid()).since(before);
            double there = (System.nanoTime() - began) / 1e9 * cores.size();
            double others = Math.max(0, Cores.busySeconds(cores) - busyBefore - cpu.seconds()) / there;
            ground.add(
                    new Round(
                            name,
                            number,
                            contender.name(),
                            cpu.seconds() / answers.operations() * scale,
                            new Round.Loaded(answers, cpu.seconds() / there, others, cpu.kernelShare())),
                    costUnit);
        }
    }
}
