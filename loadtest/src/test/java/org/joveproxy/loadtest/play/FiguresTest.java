package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final String PAGE = "# HELP jvm_memory_used_bytes memory\n# TYPE jvm_memory_used_bytes gauge\n"
            + "jvm_memory_used_bytes{area=\"heap\",id=\"Eden Space\"} 1.5E6\n"
            + "jvm_memory_used_bytes{area=\"heap\",id=\"Tenured Gen\"} 500000.0\n"
            + "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"} 7\n";

    @Test
    void theSamplesOfASeriesAreAddedUp() {
        assertThat(Figures.sum(PAGE, "jvm_memory_used_bytes{area=\"heap\"")).hasValue(2_000_000);
    }

    @Test
    void aSeriesThatIsNotThereHasNoSum() {
        assertThat(Figures.sum(PAGE, "nodejs_heap_size_used_bytes ")).isEmpty();
        assertThat(Figures.sum("", "jvm_memory_used_bytes")).isEmpty();
    }
}
