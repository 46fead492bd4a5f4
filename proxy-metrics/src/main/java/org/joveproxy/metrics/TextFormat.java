package org.joveproxy.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Writes series in Prometheus' text format 0.0.4, laid out as configurable-http-proxy does.
 *
 * <p>Micrometer's own writer is not used for these: it ends every counter's name in {@code _total}. Confined to the
 * thread that renders a page.
 */
final class TextFormat {
    /** What a page is served as, whatever the client asks for. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999};
    private static final int NANO_DIGITS = 9;

    private final StringBuilder out = new StringBuilder(8192);

    /** A series with one sample. */
    void write(Series series, long value) {
        head(series);
        out.append(series.name()).append(' ').append(value).append('\n');
    }

    /** A series with one sample that is no whole number. */
    void write(Series series, BigDecimal value) {
        head(series);
        out.append(series.name()).append(' ').append(plain(value)).append('\n');
    }

    /** A counter with one sample for each status that was ever answered. */
    void write(Series series, StatusCounter counter) {
        head(series);
        for (int status = StatusCounter.LOWEST; status <= StatusCounter.HIGHEST; status++) {
            long count = counter.count(status);
            if (count > 0) {
                out.append(series.name()).append('{').append(MeterNames.STATUS).append("=\"");
                out.append(status).append("\"} ").append(count).append('\n');
            }
        }
    }

    /** A summary with quantiles, sum and count, in seconds. */
    void write(Series series, DurationSummary.Snapshot summary) {
        head(series);
        for (double quantile : QUANTILES) {
            BigDecimal nanos =
                    BigDecimal.valueOf(summary.quantileNanos(quantile)).setScale(0, RoundingMode.HALF_UP);
            out.append(series.name()).append("{quantile=\"").append(quantile).append("\"} ");
            out.append(plain(nanos.movePointLeft(NANO_DIGITS))).append('\n');
        }
        out.append(series.name()).append("_sum ");
        out.append(plain(BigDecimal.valueOf(summary.sumNanos(), NANO_DIGITS))).append('\n');
        out.append(series.name()).append("_count ").append(summary.count()).append('\n');
    }

    /** Text that is in the format already. */
    void append(String text) {
        separate();
        out.append(text);
    }

    private void head(Series series) {
        separate();
        out.append("# HELP ")
                .append(series.name())
                .append(' ')
                .append(series.help())
                .append('\n');
        out.append("# TYPE ")
                .append(series.name())
                .append(' ')
                .append(series.type().word())
                .append('\n');
    }

    private void separate() {
        if (!out.isEmpty()) {
            out.append('\n');
        }
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
