package org.joveproxy.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.IntFunction;
import org.joveproxy.metrics.Exemplars.Exemplar;
import org.jspecify.annotations.Nullable;

/**
 * Writes series as text: in Prometheus' text format 0.0.4, laid out as configurable-http-proxy does, or in OpenMetrics.
 *
 * <p>In OpenMetrics the name of a counter ends in {@code _total}. The original's do not, and are what dashboards know: there
 * they are of no known type, and the samples are the same. Confined to the thread that renders a page.
 */
final class PageWriter {
    private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999};
    private static final int NANO_DIGITS = 9;
    private static final int MILLI_DIGITS = 3;

    private final StringBuilder out = new StringBuilder(32 * 1024);
    private final PageFormat format;

    PageWriter(PageFormat format) {
        this.format = format;
    }

    PageFormat format() {
        return format;
    }

    // ---- whole series ----

    /** A series with one sample. */
    void write(Series series, long value) {
        begin(series);
        sample(series, value);
    }

    /** A series with one sample that is no whole number. */
    void write(Series series, BigDecimal value) {
        begin(series);
        sample(series, plain(value));
    }

    /** A series with one sample, which is a time. */
    void writeTime(Series series, long epochMillis) {
        write(series, BigDecimal.valueOf(epochMillis, MILLI_DIGITS));
    }

    /** A counter with one sample for each status that was ever answered. */
    void write(Series series, StatusCounter counter) {
        begin(series);
        for (int status = StatusCounter.LOWEST; status <= StatusCounter.HIGHEST; status++) {
            long count = counter.count(status);
            if (count > 0) {
                sample(series, count, Integer.toString(status));
            }
        }
    }

    /** A summary with quantiles, sum and count, in seconds. */
    void write(Series series, DurationSummary.Snapshot summary) {
        begin(series);
        for (double quantile : QUANTILES) {
            BigDecimal nanos =
                    BigDecimal.valueOf(summary.quantileNanos(quantile)).setScale(0, RoundingMode.HALF_UP);
            out.append(series.name()).append("{quantile=\"").append(quantile).append("\"} ");
            out.append(plain(nanos.movePointLeft(NANO_DIGITS))).append('\n');
        }
        line(series, "_sum", plain(BigDecimal.valueOf(summary.sumNanos(), NANO_DIGITS)));
        line(series, "_count", Long.toString(summary.count()));
    }

    // ---- piece by piece ----

    /** What stands above the samples of {@code series}. */
    void begin(Series series) {
        boolean isOpenMetrics = format == PageFormat.OPENMETRICS;
        String name = isOpenMetrics ? series.familyName() : series.name();
        String type = isOpenMetrics && series.isUnnamedCounter()
                ? "unknown"
                : series.type().word();
        // A blank line between two series is the original's way; OpenMetrics has none.
        if (!isOpenMetrics && !out.isEmpty()) {
            out.append('\n');
        }
        out.append("# HELP ").append(name).append(' ').append(series.help()).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** One sample, with a value for each label of {@code series}. */
    void sample(Series series, long value, String... labelValues) {
        sample(series, Long.toString(value), labelValues);
    }

    /** A sample whose value is a time. */
    void sampleTime(Series series, long epochMillis, String... labelValues) {
        sample(series, plain(BigDecimal.valueOf(epochMillis, MILLI_DIGITS)), labelValues);
    }

    private void sample(Series series, String value, String... labelValues) {
        line(series, "", value, labelValues);
    }

    /**
     * The samples of one histogram.
     *
     * @param counts how many durations fell into each bucket, and last those that are longer than all
     */
    void histogram(Series series, Buckets buckets, long[] counts, long sumNanos, String... labelValues) {
        histogram(series, buckets, counts, sumNanos, bucket -> null, labelValues);
    }

    /**
     * The samples of one histogram, with the exemplar of each bucket that has one, where the format has such.
     *
     * @param counts how many durations fell into each bucket, and last those that are longer than all
     */
    void histogram(
            Series series,
            Buckets buckets,
            long[] counts,
            long sumNanos,
            IntFunction<@Nullable Exemplar> exemplars,
            String... labelValues) {
        long soFar = 0;
        for (int i = 0; i < counts.length; i++) {
            soFar += counts[i];
            out.append(series.name()).append("_bucket");
            labels(series.labels(), labelValues, "le", buckets.label(i));
            out.append(' ').append(soFar);
            Exemplar exemplar = format == PageFormat.OPENMETRICS ? exemplars.apply(i) : null;
            if (exemplar != null) {
                exemplar(exemplar);
            }
            out.append('\n');
        }
        line(series, "_sum", plain(BigDecimal.valueOf(sumNanos, NANO_DIGITS)), labelValues);
        line(series, "_count", Long.toString(soFar), labelValues);
    }

    private void exemplar(Exemplar exemplar) {
        out.append(" # {");
        label(Exemplars.LABEL, exemplar.requestId());
        out.setCharAt(out.length() - 1, '}');
        out.append(' ').append(plain(BigDecimal.valueOf(exemplar.nanos(), NANO_DIGITS)));
        out.append(' ').append(plain(BigDecimal.valueOf(exemplar.epochMillis(), MILLI_DIGITS)));
    }

    private void line(Series series, String ending, String value, String... labelValues) {
        out.append(series.name()).append(ending);
        if (labelValues.length > 0) {
            labels(series.labels(), labelValues, "", "");
        }
        out.append(' ').append(value).append('\n');
    }

    private void labels(List<String> names, String[] values, String extraName, String extraValue) {
        if (values.length != names.size()) {
            throw new IllegalArgumentException("labels: " + values.length + " (expected: " + names + ")");
        }
        out.append('{');
        for (int i = 0; i < values.length; i++) {
            label(names.get(i), values[i]);
        }
        if (!extraName.isEmpty()) {
            label(extraName, extraValue);
        }
        out.setCharAt(out.length() - 1, '}');
    }

    private void label(String name, String value) {
        out.append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
        out.append("\",");
    }

    /** Text that is in the format already and, in OpenMetrics, ends the page. */
    void append(String text) {
        if (format == PageFormat.TEXT && !out.isEmpty()) {
            out.append('\n');
        }
        out.append(text);
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
