package org.joveproxy.app;

import java.util.Locale;
import org.joveproxy.core.failure.FailureKind;
import org.joveproxy.core.observe.ExchangeReport;
import org.joveproxy.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says of one request: never its query, nor any of its fields.
 *
 * <p>Immutable.
 *
 * @param at when it was over, in milliseconds since 1970
 */
record AccessLine(
        long at,
        @Nullable String client,
        String method,
        String path,
        String protocol,
        int status,
        long bytesIn,
        long bytesOut,
        long connectionNanos,
        long firstByteNanos,
        long totalNanos,
        @Nullable Route route,
        String kind,
        String ending,
        @Nullable FailureKind failure,
        @Nullable String requestId) {
    /** Longer ones are cut: many lines may wait. */
    private static final int LONGEST_PATH = 1024;

    static AccessLine of(ExchangeReport report, long epochMillis) {
        return new AccessLine(
                epochMillis,
                report.client(),
                report.method(),
                path(report.path()),
                report.protocol(),
                report.status(),
                report.bytesIn(),
                report.bytesOut(),
                report.connectionNanos(),
                report.firstByteNanos(),
                report.totalNanos(),
                report.route(),
                report.kind().name().toLowerCase(Locale.ROOT),
                report.ending().label(),
                report.failure(),
                report.requestId());
    }

    /** Without what may stand before it where a request was refused unread: a host, with a name and a password. */
    private static String path(String path) {
        int begin = 0;
        int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
        if (scheme >= 0) {
            int slash = path.indexOf('/', scheme + 3);
            begin = slash < 0 ? path.length() : slash;
        }
        return path.length() - begin > LONGEST_PATH
                ? path.substring(begin, begin + LONGEST_PATH) + "..."
                : path.substring(begin);
    }

    /** How lines look. Confined to one thread. */
    interface Form {
        /** Adds {@code line} and its end to {@code out}. */
        void append(AccessLine line, StringBuilder out);
    }

    /** {@code nanos} as milliseconds with three digits behind the point. */
    private static void millis(long nanos, StringBuilder out) {
        long micros = nanos / 1000;
        out.append(micros / 1000).append('.');
        LogClock.thousandths(micros % 1000, out);
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    /** A character of the client's that could end a line or a value, or steer a terminal. */
    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }

    private static void escaped(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else {
                escape(c, out);
            }
        }
    }

    /** {@code time client "method path protocol" status}, and then {@code name=value}; a dash where there is nothing. */
    static final class Text implements Form {
        private final LogClock clock = new LogClock();

        @Override
        public void append(AccessLine line, StringBuilder out) {
            clock.append(line.at, out);
            word(line.client, out.append(' '));
            request(line, out.append(" \""));
            out.append("\" ").append(line.status);
            out.append(" in=").append(line.bytesIn).append(" out=").append(line.bytesOut);
            nanos(line.connectionNanos, out.append(" connect_ms="));
            nanos(line.firstByteNanos, out.append(" first_byte_ms="));
            nanos(line.totalNanos, out.append(" total_ms="));
            Route route = line.route;
            word(route == null ? null : route.path(), out.append(" route="));
            word(target(route), out.append(" target="));
            out.append(" kind=").append(line.kind).append(" ending=").append(line.ending);
            word(line.failure == null ? null : line.failure.label(), out.append(" failure="));
            word(line.requestId, out.append(" id="));
            out.append('\n');
        }

        /** As in the common log format; no word of the client's has a blank or a quote in it. */
        private static void request(AccessLine line, StringBuilder out) {
            word(line.method, out);
            if (!line.method.isEmpty()) {
                word(line.path, out.append(' '));
                word(line.protocol, out.append(' '));
            }
        }

        private static void nanos(long nanos, StringBuilder out) {
            if (nanos < 0) {
                out.append('-');
            } else {
                millis(nanos, out);
            }
        }

        private static void word(@Nullable String text, StringBuilder out) {
            if (text == null || text.isEmpty()) {
                out.append('-');
            } else {
                escaped(text, out);
            }
        }
    }

    /** An object of JSON; {@code null} where there is nothing. */
    static final class Json implements Form {
        private final LogClock clock = new LogClock();

        @Override
        public void append(AccessLine line, StringBuilder out) {
            out.append("{\"time\":\"");
            clock.append(line.at, out);
            text(line.client, out.append("\",\"client\":"));
            text(line.method, out.append(",\"method\":"));
            text(line.path, out.append(",\"path\":"));
            text(line.protocol, out.append(",\"protocol\":"));
            out.append(",\"status\":").append(line.status);
            out.append(",\"bytes_in\":").append(line.bytesIn);
            out.append(",\"bytes_out\":").append(line.bytesOut);
            nanos(line.connectionNanos, out.append(",\"connect_ms\":"));
            nanos(line.firstByteNanos, out.append(",\"first_byte_ms\":"));
            nanos(line.totalNanos, out.append(",\"total_ms\":"));
            Route route = line.route;
            text(route == null ? null : route.path(), out.append(",\"route\":"));
            text(target(route), out.append(",\"target\":"));
            text(line.kind, out.append(",\"kind\":"));
            text(line.ending, out.append(",\"ending\":"));
            text(line.failure == null ? null : line.failure.label(), out.append(",\"failure\":"));
            text(line.requestId, out.append(",\"request_id\":"));
            out.append("}\n");
        }

        private static void nanos(long nanos, StringBuilder out) {
            if (nanos < 0) {
                out.append("null");
            } else {
                millis(nanos, out);
            }
        }

        private static void text(@Nullable String text, StringBuilder out) {
            if (text == null || text.isEmpty()) {
                out.append("null");
            } else {
                escaped(text, out.append('"'));
                out.append('"');
            }
        }
    }

    private static @Nullable String target(@Nullable Route route) {
        return route == null || !route.target().isUsable()
                ? null
                : route.target().origin().toString();
    }
}
