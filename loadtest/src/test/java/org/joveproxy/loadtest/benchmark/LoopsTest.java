package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.joveproxy.loadtest.subject.SubjectOptions;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private static final Loops LOOPS =
            new Loops(UnderLoad.micros("loops", "small", "request", Wrk.gets(1, Backend.SMALL))
                    .onAllCores());

    private static HubProxy hubProxy(String name, String... flags) {
        return new HubProxy(name, List.of("proxy"), new SubjectOptions(List.of(flags), Map.of("A", "b"), 0), true);
    }

    @Test
    void whoeverCanHaveTwoLoopsTakesPartTwice() {
        List<Contender> contenders = LOOPS.contenders(List.of(
                new Nginx(), new Haproxy(), new Caddy(), hubProxy("jove", "--event-loops=1", "--x"), hubProxy("chp")));

        assertThat(contenders)
                .containsExactly(
                        new Nginx(),
                        new Nginx("nginx-2", 2),
                        new Haproxy(),
                        new Haproxy("haproxy-2", 2),
                        hubProxy("jove", "--event-loops=1", "--x"),
                        hubProxy("jove-2", "--event-loops=1", "--x", "--event-loops=2"));
    }

    @Test
    void theMeasureOfEachIsTheSameWithOneLoop() {
        assertThat(LOOPS.measureOf("jove-2", "nginx")).isEqualTo("jove");
        assertThat(LOOPS.measureOf("jove", "nginx")).isEqualTo("jove");
        assertThat(LOOPS.load().measureOf("jove", "nginx")).isEqualTo("nginx");
    }
}
