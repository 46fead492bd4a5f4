package org.joveproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds.Bound;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/metrics.md} list what is exported, no more and no less. */
final class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_]+)` \\| (\\w+) \\| ([^|]*)\\| .*\\|");
    private static final Pattern LABEL_VALUE = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");

    /** Not every collector has concurrent phases, and one that has them need not have run one yet. */
    private static final Set<String> DEPEND_ON_THE_COLLECTOR =
            Set.of("jvm_gc_concurrent_phase_time_seconds", "jvm_gc_concurrent_phase_time_seconds_max");

    private final MetricsObserver observer = new MetricsObserver();
    private final ConnectionLedger ledger = new ConnectionLedger();
    private final MetricsPage page = new MetricsPage(observer, new RouteKeeping().sources(ledger, () -> 0));

    @AfterEach
    void stop() {
        page.close();
    }

    @Test
    void theTablesListWhatIsExported() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "the process series exist on Linux only");
        observer.apiResponded(200);
        observer.responded(200, false);
        Map<String, Described> documented = documented();

        Map<String, Described> exported = exportedAfterACollection();

        documented.keySet().removeIf(name -> DEPEND_ON_THE_COLLECTOR.contains(name) && !exported.containsKey(name));
        assertThat(exported).isEqualTo(documented);
    }

    @Test
    void everyRolePhaseAndReasonHasASample() {
        Exposition read = Exposition.parse(page.get());

        assertThat(read.family("jove_connections_open").samples()).hasSize(Role.values().length);
        assertThat(read.family("jove_connections_opened_total").samples()).hasSize(Role.values().length);
        assertThat(read.family("jove_connections").samples()).hasSize(Role.values().length * Phase.values().length);
        assertThat(read.family("jove_bytes_total").samples()).hasSize(Role.values().length * 2);
        assertThat(read.family("jove_connections_closed_total").samples())
                .hasSize(Role.values().length * CloseReason.values().length)
                .contains(entry("jove_connections_closed_total{reason=\"our_bug\",role=\"api\"}", "0.0"));
    }

    @Test
    void eachBoundHasItsUseAndItsLimit() {
        Exposition read = Exposition.parse(page.get());

        assertThat(read.family("jove_bound_used").samples())
                .hasSize(Bound.values().length)
                .contains(entry("jove_bound_used{bound=\"clients\"}", "70.0"));
        assertThat(read.family("jove_bound_limit").samples())
                .hasSize(Bound.values().length)
                .contains(entry("jove_bound_limit{bound=\"clients\"}", "140.0"));
        assertThat(read.family("jove_breakers_open").samples()).contains(entry("jove_breakers_open", "3.0"));
    }

    @Test
    void everyRolePhaseAndReasonIsExplained() throws IOException {
        String text = Files.readString(DOCUMENT);

        for (String name : new String[] {
            "jove_connections",
            "jove_connections_closed_total",
            "jove_bytes_total",
            "jove_bound_used",
            "jove_store_working",
            "jove_store_changes_total",
            "jove_hub_checks_total",
            "jove_tls_certificate_not_after_timestamp_seconds",
            "jove_tls_reloads_total",
            "jove_secret_reloads_total"
        }) {
            Exposition.parse(page.get())
                    .family(name)
                    .samples()
                    .keySet()
                    .forEach(sample -> LABEL_VALUE
                            .matcher(sample)
                            .results()
                            .forEach(word -> assertThat(text).as(sample).contains("`" + word.group(1) + "`")));
        }
    }

    private Map<String, Described> exportedAfterACollection() {
        page.get();
        System.gc();
        await().until(() -> page.get().contains("jvm_gc_pause_seconds_count"));
        Map<String, Described> exported = new TreeMap<>();
        Exposition.parse(page.get())
                .families()
                .forEach((name, family) -> exported.put(name, new Described(family.type(), family.labelNames())));
        return exported;
    }

    private static Map<String, Described> documented() throws IOException {
        Map<String, Described> documented = new TreeMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> labels = new TreeSet<>();
                CODE.matcher(row.group(3)).results().forEach(label -> labels.add(label.group(1)));
                documented.put(row.group(1), new Described(row.group(2), labels));
            }
        }
        return documented;
    }

    private record Described(String type, Set<String> labels) {}
}
