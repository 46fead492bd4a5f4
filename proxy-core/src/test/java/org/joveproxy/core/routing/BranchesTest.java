package org.joveproxy.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BranchesTest {
    private static RouteTrie child(String segment) {
        RouteTrie root = RouteTrie.EMPTY.with(Route.of("/" + segment, Target.parse("http://127.0.0.1:8000"), 0));
        return Objects.requireNonNull(root.branches().find(segment, 0, segment.length()));
    }

    private static List<RouteTrie> children(Branches branches) {
        List<RouteTrie> children = new ArrayList<>();
        branches.forEach(children::add);
        return children;
    }

    @Test
    void aSegmentIsFoundInsideAPath() {
        RouteTrie zoe = child("zoe");
        Branches branches = Branches.NONE.with(zoe);

        assertThat(branches.find("/user/zoe/lab", 6, 9)).isSameAs(zoe);
        assertThat(branches.find("/user/zoe/lab", 6, 8)).isNull();
    }

    @Test
    void segmentsWithEqualHashesAreToldApart() {
        RouteTrie one = child("AaAa");
        RouteTrie two = child("BBBB");
        RouteTrie three = child("AaBB");
        Branches all = Branches.NONE.with(one).with(two).with(three);
        RouteTrie changed = child("BBBB");

        assertThat("AaAa".hashCode()).isEqualTo("BBBB".hashCode()).isEqualTo("AaBB".hashCode());
        assertThat(all.find("BBBB", 0, 4)).isSameAs(two);
        assertThat(all.find("BBAa", 0, 4)).isNull();
        assertThat(children(all.with(changed))).containsExactlyInAnyOrder(one, changed, three);
        assertThat(children(all.without("BBBB"))).containsExactlyInAnyOrder(one, three);
        assertThat(children(all.without("BBBB").without("AaAa"))).containsExactly(three);
        assertThat(children(all.without("BBAa"))).containsExactlyInAnyOrder(one, two, three);
        assertThat(all.without("BBBB").without("AaAa").without("AaBB")).isSameAs(Branches.NONE);
    }

    @Test
    void aChangeLeavesTheOldChildrenAlone() {
        Branches before = Branches.NONE;
        for (int n = 0; n < 1_000; n++) {
            before = before.with(child("u" + n));
        }
        Branches more = before.with(child("new"));
        Branches fewer = before.without("u7");

        assertThat(children(before)).hasSize(1_000);
        assertThat(children(more)).hasSize(1_001);
        assertThat(children(fewer)).hasSize(999);
        assertThat(before.find("u7", 0, 2)).isNotNull();
    }

    @Test
    void removingWhatIsNotThereCopiesNothing() {
        Branches branches = Branches.NONE.with(child("a")).with(child("b"));

        assertThat(branches.without("c")).isSameAs(branches);
    }
}
