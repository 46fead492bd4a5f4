package org.joveproxy.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.joveproxy.loadtest.scenario.Mark;
import org.joveproxy.loadtest.scenario.Plot;
import org.junit.jupiter.api.Test;

class SvgPlotTest {
    @Test
    void axesEndAtARoundNumber() {
        assertThat(SvgPlot.roundUp(0)).isEqualTo(1);
        assertThat(SvgPlot.roundUp(1)).isEqualTo(1);
        assertThat(SvgPlot.roundUp(93)).isEqualTo(100);
        assertThat(SvgPlot.roundUp(310)).isEqualTo(400);
        assertThat(SvgPlot.roundUp(0.03)).isEqualTo(0.04);
    }

    @Test
    void numbersAreShort() {
        assertThat(SvgPlot.shortNumber(0)).isEqualTo("0");
        assertThat(SvgPlot.shortNumber(2.5)).isEqualTo("2.5");
        assertThat(SvgPlot.shortNumber(100)).isEqualTo("100");
        assertThat(SvgPlot.shortNumber(20_000)).isEqualTo("20k");
    }

    @Test
    void noPeakIsLostWhenPointsAreThinned() {
        List<Plot.Point> points = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            points.add(new Plot.Point(i, i == 3333 ? 99 : 1));
        }
        List<Plot.Point> thinned = SvgPlot.thinned(points);
        assertThat(thinned).hasSizeLessThanOrEqualTo(600).contains(new Plot.Point(3333, 99));
    }

    @Test
    void aLineGoesFromCornerToCorner() {
        Plot plot =
                new Plot("p", "", List.of(new Plot.Line("l", List.of(new Plot.Point(0, 0), new Plot.Point(10, 100)))));
        assertThat(new SvgPlot(plot, List.of("l"), List.of(new Mark(5, "half")), 10, 100).svg())
                .contains("points=\"56.0,196.0 632.0,8.0 \"")
                .contains("<title>5 s: half</title>");
    }
}
