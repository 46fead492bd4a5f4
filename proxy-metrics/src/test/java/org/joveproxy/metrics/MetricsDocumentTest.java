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
import java.util.stream.Collectors;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.Bounds.Bound;
import org.joveproxy.core.observe.ExchangeReport.Ending;
import org.joveproxy.core.observe.ProxyObserver.RequestKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/metrics.md} are those of {@link MeterNames}, which lists what is exported, no more and no less.
 * With {@code -Dmetrics.document=write} the tables are written instead of compared.
 */
final class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");
    private static final Pattern TABLE = Pattern.compile("(<!-- table: (\\w+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** Not every collector has concurrent phases, and one that has them need not have run one yet. */
    private static final Set<String> DEPEND_ON_THE_COLLECTOR =
            Set.of("jvm_gc_concurrent_phase_time_seconds", "jvm_gc_concurrent_phase_time_seconds_max");

    /** Labels whose values are numbers, or words of the machine's. */
    private static final Set<String> EXPLAIN_THEMSELVES =
            Set.of("code", "status", "quantile", "le", "jdk", "version", "method", "area", "id", "state");

    private final MetricsObserver observer = new MetricsObserver();
    private final ConnectionLedger ledger = new ConnectionLedger();
    private final MetricsPage page = new MetricsPage(observer, new RouteKeeping().sources(ledger, () -> 0));

    @AfterEach
    void stop() {
        page.close();
    }

    private Exposition read() {
        return Exposition.parse(page.render(PageFormat.TEXT));
    }

    @Test
    void theDocumentHasTheTables() throws IOException {
        String document = Files.readString(DOCUMENT);
        Map<String, String> tables =
                MeterNames.TABLES.stream().collect(Collectors.toMap(MeterNames.Table::id, MetricsDocumentTest::rows));

        Set<String> places = new TreeSet<>();
        String wanted = TABLE.matcher(document).replaceAll(place -> {
            assertThat(places.add(place.group(2))).as(place.group(2)).isTrue();
            assertThat(tables).containsKey(place.group(2));
            return Matcher.quoteReplacement(place.group(1) + tables.get(place.group(2)) + place.group(3));
        });
        if ("write".equals(System.getProperty("metrics.document"))) {
            Files.writeString(DOCUMENT, wanted);
        }

        assertThat(places).isEqualTo(new TreeSet<>(tables.keySet()));
        assertThat(DOCUMENT).content().as("see the comment in the document").isEqualTo(wanted);
    }

    private static String rows(MeterNames.Table table) {
        StringBuilder rows = new StringBuilder("| series | type | labels | meaning |\n|---|---|---|---|\n");
        for (Series series : table.series()) {
            String labels =
                    series.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
            rows.append("| `%s` | %s | %s | %s |%n"
                    .formatted(series.name(), series.type().word(), labels, series.meaning()));
        }
        return rows.toString();
    }

    @Test
    void theTablesListWhatIsExported() {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "the process series exist on Linux only");
        everythingHappens();
        Map<String, Described> listed = new TreeMap<>();
        for (MeterNames.Table table : MeterNames.TABLES) {
            for (Series series : table.series()) {
                listed.put(series.name(), new Described(series.type().word(), new TreeSet<>(series.labels())));
            }
        }

        Map<String, Described> exported = exportedAfterACollection();

        listed.keySet().removeIf(name -> DEPEND_ON_THE_COLLECTOR.contains(name) && !exported.containsKey(name));
        assertThat(exported).isEqualTo(listed);
    }

    @Test
    void everyRolePhaseAndReasonHasASample() {
        Exposition read = read();

        assertThat(read.family("jove_connections_open").samples()).hasSize(Role.values().length);
        assertThat(read.family("jove_connections_opened_total").samples()).hasSize(Role.values().length);
        assertThat(read.family("jove_connections").samples()).hasSize(Role.values().length * Phase.values().length);
        assertThat(read.family("jove_bytes_total").samples()).hasSize(Role.values().length * 2);
        assertThat(read.family("jove_connections_closed_total").samples())
                .hasSize(Role.values().length * CloseReason.values().length)
                .contains(entry("jove_connections_closed_total{reason=\"our_bug\",role=\"api\"}", "0"));
    }

    @Test
    void eachBoundHasItsUseAndItsLimit() {
        Exposition read = read();

        assertThat(read.family("jove_bound_used").samples())
                .hasSize(Bound.values().length)
                .contains(entry("jove_bound_used{bound=\"clients\"}", "70"));
        assertThat(read.family("jove_bound_limit").samples())
                .hasSize(Bound.values().length)
                .contains(entry("jove_bound_limit{bound=\"clients\"}", "140"));
        assertThat(read.family("jove_breakers_open").samples()).contains(entry("jove_breakers_open", "3"));
    }

    @Test
    void everyValueOfALabelIsExplained() throws IOException {
        everythingHappens();
        String text = Files.readString(DOCUMENT);
        Set<String> words = new TreeSet<>();
        read().families().forEach((name, family) -> {
            if (name.startsWith("jove_")) {
                family.samples()
                        .keySet()
                        .forEach(sample -> words.addAll(LABEL.matcher(sample)
                                .results()
                                .filter(label -> !EXPLAIN_THEMSELVES.contains(label.group(1)))
                                .map(label -> label.group(2))
                                .filter(word -> !word.isEmpty())
                                .toList()));
            }
        });

        assertThat(words)
                .hasSizeGreaterThan(60)
                .allSatisfy(word -> assertThat(text).contains("`" + word + "`"));
    }

    @Test
    void noLabelTellsOfAUserOrAnAddress() {
        everythingHappens();

        assertThat(page.render(PageFormat.TEXT)).doesNotContain("ada", "a-path", "198.51.100.7", "127.0.0.1");
    }

    private void everythingHappens() {
        observer.apiResponded("GET", 200, 1);
        observer.responded(200, false);
        for (RequestKind kind : RequestKind.values()) {
            for (Ending ending : Ending.values()) {
                observer.exchangeEnded(Ended.well().of(kind).with(200, ending, 1));
            }
            for (FailureKind failure : FailureKind.values()) {
                observer.exchangeEnded(Ended.failed(failure).of(kind));
            }
        }
    }

    private Map<String, Described> exportedAfterACollection() {
        read();
        System.gc();
        await().until(() -> page.render(PageFormat.TEXT).contains("jvm_gc_pause_seconds_count"));
        Map<String, Described> exported = new TreeMap<>();
        read().families()
                .forEach((name, family) -> exported.put(name, new Described(family.type(), family.labelNames())));
        return exported;
    }

    private record Described(String type, Set<String> labels) {}
}
