package org.joveproxy.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WrkTest {
    private static final Setup SETUP = new Setup(Path.of("."), 1, 2, 5000, null);

    private static String result(long requests, long bytes, long failed) {
        return "Running 2s test\nRESULT {\"requests\": " + requests + ", \"bytes\": " + bytes
                + ", \"microseconds\": 2000000, \"failed\": " + failed + ", \"p50\": 1500, \"p99\": 9000}\n";
    }

    @Test
    void anOperationIsARequest() throws Exception {
        Answers answers = Wrk.gets(64, Backend.SMALL).answers(result(1000, 5, 0));

        assertThat(answers).isEqualTo(new Answers(1000, 2, 1.5, 9));
        assertThat(answers.perSecond()).isEqualTo(500);
    }

    @Test
    void downloadsCountByTheByte() throws Exception {
        assertThat(Wrk.downloads(8).answers(result(0, 50_000_000, 0)).operations())
                .isEqualTo(0.5);
    }

    @Test
    void oneFailureIsTooMany() {
        assertThatThrownBy(() -> Wrk.gets(64, Backend.SMALL).answers(result(1000, 5, 1)))
                .hasMessageContaining("1 failures");
        assertThatThrownBy(() -> Wrk.gets(64, Backend.SMALL).answers(result(0, 0, 0)))
                .hasMessageContaining("0 answers");
        assertThatThrownBy(() -> Wrk.gets(64, Backend.SMALL).answers("unable to connect"))
                .hasMessageContaining("unable to connect");
    }

    @Test
    void theScriptSaysWhatIsAsked() {
        assertThat(Wrk.gets(64, Backend.SMALL).script(SETUP))
                .doesNotContain("wrk.body", "close", "delay", "function request");
        assertThat(Wrk.uploads(16, 1000).script(SETUP)).contains("wrk.method = 'PUT'", "string.rep('x', 1000)");
        assertThat(Wrk.gets(64, Backend.SMALL).withoutKeepAlive().script(SETUP))
                .contains("wrk.headers['Connection'] = 'close'");
    }

    @Test
    void thePausesOfAllConnectionsMakeTheRate() {
        assertThat(Wrk.gets(256, Backend.SMALL).paced(10_000).script(SETUP)).contains("math.random(0, 52)");
    }

    @Test
    void allRoutesAreAskedForInTurn() {
        assertThat(Wrk.gets(64, Backend.SMALL).forAllRoutes().script(SETUP))
                .contains("'/user/user000000/small', '/user/user000005/small'", "'/user/user004995/small'}");
    }
}
