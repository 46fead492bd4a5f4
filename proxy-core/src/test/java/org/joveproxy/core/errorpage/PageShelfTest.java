package org.joveproxy.core.errorpage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PageShelfTest {
    private static final ErrorPage PAGE = ErrorPage.of("text/html", null, new byte[] {'p'});

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final PageShelf shelf = new PageShelf(time::get);

    private void pass(long millis) {
        time.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Fetches a page at once, if that is allowed. */
    private boolean fetch(int status) {
        if (!shelf.tryBeginFetch(status)) {
            return false;
        }
        shelf.keep(status, "/" + status, PAGE);
        return true;
    }

    @Test
    void noMoreThanFourAreUnderWayWhateverTheirStatus() {
        for (int status : new int[] {404, 503, 400, 504}) {
            assertThat(shelf.tryBeginFetch(status)).isTrue();
        }

        assertThat(shelf.tryBeginFetch(500)).isFalse();
        shelf.keep(404, "/404", PAGE);
        assertThat(shelf.tryBeginFetch(500)).isTrue();
        assertThat(shelf.tryBeginFetch(404)).isFalse();
        shelf.fetchFailed(503);
        assertThat(shelf.tryBeginFetch(404)).isTrue();
    }

    @Test
    void eightAStatusBeginInOneSecond() {
        for (int i = 0; i < 8; i++) {
            assertThat(fetch(503)).isTrue();
        }

        assertThat(fetch(503)).isFalse();
        assertThat(fetch(404)).isTrue();
        pass(999);
        assertThat(fetch(503)).isFalse();
        pass(1);
        assertThat(fetch(503)).isTrue();
    }

    @Test
    void neverMoreThanEightInAnySecond() {
        int begun = 0;
        for (int millis = 0; millis < 10_000; millis += 10) {
            begun += fetch(503) ? 1 : 0;
            pass(10);
        }

        assertThat(begun).isEqualTo(80);
    }

    @Test
    void whatWasRefusedDoesNotCount() {
        for (int i = 0; i < 8; i++) {
            fetch(503);
        }
        pass(500);
        for (int i = 0; i < 100; i++) {
            assertThat(fetch(503)).isFalse();
        }

        pass(500);

        assertThat(fetch(503)).isTrue();
    }

    @Test
    void afterAFailureThatStatusIsNotFetchedForASecond() {
        shelf.tryBeginFetch(503);
        pass(2_000);
        shelf.fetchFailed(503);

        assertThat(shelf.tryBeginFetch(503)).isFalse();
        assertThat(fetch(404)).isTrue();
        pass(999);
        assertThat(shelf.tryBeginFetch(503)).isFalse();
        pass(1);
        assertThat(shelf.tryBeginFetch(503)).isTrue();
    }

    @Test
    void aPageIsFreshForASecondAndTheLastOfItsStatusForEver() {
        fetch(503);

        pass(999);
        assertThat(shelf.fresh("/503")).isSameAs(PAGE);
        pass(1);
        assertThat(shelf.fresh("/503")).isNull();
        assertThat(shelf.last(503)).isSameAs(PAGE);
        assertThat(shelf.last(404)).isNull();
    }

    @Test
    void sixtyFourSmallPagesAreKept() {
        for (int i = 0; i < 65; i++) {
            shelf.tryBeginFetch(i);
            shelf.keep(i, "/" + i, PAGE);
        }

        assertThat(shelf.fresh("/0")).isNull();
        assertThat(shelf.fresh("/1")).isSameAs(PAGE);
        assertThat(shelf.fresh("/64")).isSameAs(PAGE);
    }

    @Test
    void aLargePageServesOnlyAsTheLastOfItsStatus() {
        ErrorPage large = ErrorPage.of(null, null, new byte[64 * 1024 + 1]);
        shelf.tryBeginFetch(503);

        shelf.keep(503, "/503", large);

        assertThat(shelf.fresh("/503")).isNull();
        assertThat(shelf.last(503)).isSameAs(large);
    }
}
