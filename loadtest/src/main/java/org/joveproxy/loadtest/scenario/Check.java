package org.joveproxy.loadtest.scenario;

import java.util.Locale;

/**
 * One bound and whether it held. Immutable.
 *
 * @param name what is looked at
 * @param bound what is expected of it
 * @param value what was seen; why it could not be looked at for {@link Status#NOT_RUN}
 */
public record Check(String name, String bound, String value, Status status) {
    /** How a check came out. */
    public enum Status {
        HELD,
        BROKEN,
        /** Could not be looked at here; says nothing about the proxy, and is never left out in silence. */
        NOT_RUN
    }

    public static Check of(String name, String bound, String value, boolean held) {
        return new Check(name, bound, value, held ? Status.HELD : Status.BROKEN);
    }

    /** {@code value} must not be above {@code bound}. */
    public static Check atMost(String name, double value, double bound, String unit) {
        return of(name, "<= " + number(bound) + unit, number(value) + unit, value <= bound);
    }

    /** {@code value} must not be below {@code bound}. */
    public static Check atLeast(String name, double value, double bound, String unit) {
        return of(name, ">= " + number(bound) + unit, number(value) + unit, value >= bound);
    }

    public static Check notRun(String name, String bound, String why) {
        return new Check(name, bound, "not run: " + why, Status.NOT_RUN);
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }
}
