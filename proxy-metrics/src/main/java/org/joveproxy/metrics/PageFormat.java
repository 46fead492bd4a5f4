package org.joveproxy.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The text formats in which a page can be written.
 *
 * <p>Immutable.
 */
public enum PageFormat {
    /** Prometheus' text format 0.0.4, which everybody reads. */
    TEXT("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics 1.0, for those who ask for it. */
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    PageFormat(String contentType) {
        this.contentType = contentType;
    }

    /** What a page in this format is served as. */
    public String contentType() {
        return contentType;
    }

    /**
     * The format to answer a request with that has this {@code Accept} field: OpenMetrics when it is asked for by name and
     * liked at least as well as plain text (RFC 9110 12.5.1), else the text that the original sends to everybody.
     */
    public static PageFormat accepted(@Nullable String accept) {
        if (accept == null) {
            return TEXT;
        }
        double openMetrics = 0;
        double text = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip();
            if (type.equals("application/openmetrics-text") && isOurVersion(parts)) {
                openMetrics = Math.max(openMetrics, weight(parts));
            } else if (type.equals("text/plain")) {
                text = Math.max(text, weight(parts));
            }
        }
        return openMetrics > 0 && openMetrics >= text ? OPENMETRICS : TEXT;
    }

    private static boolean isOurVersion(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("version=")) {
                return parameter.equals("version=1.0.0");
            }
        }
        return true;
    }

    /** How well a range is liked; not at all when the number makes no sense. */
    private static double weight(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException noNumber) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
