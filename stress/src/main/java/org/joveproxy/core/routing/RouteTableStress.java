package org.joveproxy.core.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Routes as other threads see them. */
public class RouteTableStress {
    private static final Target TARGET = Target.parse("http://127.0.0.1:8000");

    private RouteTableStress() {}

    private static Route route(String path) {
        return Route.of(path, TARGET, Map.of("user", "ada"), 7);
    }

    /** A route appears while another thread looks for it. */
    @JCStressTest
    @Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "there with all its fields")
    @Outcome(expect = Expect.FORBIDDEN, desc = "half a route")
    @State
    public static class Publication {
        private final RouteTable table = new RouteTable();

        @Actor
        public void writer() {
            table.put(route("/user/ada"));
        }

        @Actor
        public void reader(L_Result seen) {
            seen.r1 = described(table.resolve("/user/ada/lab"));
        }

        private static String described(@Nullable Route route) {
            if (route == null) {
                return "none";
            }
            boolean isWhole = "/user/ada".equals(route.path())
                    && route.target() == TARGET
                    && "ada".equals(route.data().get("user"))
                    && route.activity().lastMillis() == 7;
            return isWhole ? "whole" : "torn: " + route;
        }
    }

    /** Two threads add a route each. */
    @JCStressTest
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both are there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one was lost")
    @State
    public static class TwoWriters {
        private final RouteTable table = new RouteTable();

        @Actor
        public void one() {
            table.put(route("/user/ada"));
        }

        @Actor
        public void other() {
            table.put(route("/user/zoe"));
        }

        @Arbiter
        public void afterwards(II_Result seen) {
            seen.r1 = table.size();
            seen.r2 = table.all().size();
        }
    }

    /** One thread adds two routes, another looks for the later one first. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "in their order")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "the later without the earlier")
    @State
    public static class InOrder {
        private final RouteTable table = new RouteTable();

        @Actor
        public void writer() {
            table.put(route("/earlier"));
            table.put(route("/later"));
        }

        @Actor
        public void reader(II_Result seen) {
            seen.r1 = table.get("/later") == null ? 0 : 1;
            seen.r2 = table.get("/earlier") == null ? 0 : 1;
        }
    }
}
