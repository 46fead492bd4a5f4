package org.joveproxy.loadtest.leaks;

import java.io.IOException;
import java.util.List;
import org.joveproxy.loadtest.scenario.Act;
import org.joveproxy.loadtest.scenario.Check;
import org.joveproxy.loadtest.scenario.Running;
import org.joveproxy.loadtest.scenario.Scenario;
import org.joveproxy.loadtest.scenario.Verdict;
import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.HubStandIn;
import org.joveproxy.loadtest.subject.SubjectException;
import picocli.CommandLine.Command;

/** Looks for sockets that a proxy does not give back. */
@Command(
        name = "leaks",
        description = "Sockets, one bad habit of a peer after the other, judged by the kernel's own table.")
public final class LeaksScenario implements Scenario {
    @Override
    public Verdict run(Act act) throws SubjectException, IOException, InterruptedException {
        HubStandIn hub = new HubStandIn(act.stage(), 1400);
        try (Running running = act.start(hub.url())) {
            act.mark("started");
            Client client = act.stage().connect(running.port());
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            int status = client.awaitStatus(java.time.Duration.ofSeconds(5));
            client.close();
            return Verdict.of(List.of(Check.of("the default target answers", "200", status + "", status == 200)));
        }
    }
}
