package org.joveproxy.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of a label for an HTTP status: those that are registered one by one, any other by its class, so that an
 * upstream cannot make up as many as it likes.
 *
 * <p>Immutable.
 */
final class StatusCodes {
    /** See the registry of HTTP status codes, RFC 9110 16.2. */
    private static final int[] REGISTERED = {
        100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308,
        400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423,
        424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511
    };

    private static final int HIGHEST_CLASS = 9;
    private static final int HUNDRED = 100;

    private static final List<String> LABELS = labels();
    private static final byte[] INDEX = index();

    private StatusCodes() {}

    private static List<String> labels() {
        List<String> labels = new ArrayList<>(List.of("none"));
        for (int hundreds = 1; hundreds <= HIGHEST_CLASS; hundreds++) {
            labels.add(hundreds + "xx");
        }
        for (int status : REGISTERED) {
            labels.add(Integer.toString(status));
        }
        return List.copyOf(labels);
    }

    private static byte[] index() {
        byte[] index = new byte[(HIGHEST_CLASS + 1) * HUNDRED];
        for (int status = HUNDRED; status < index.length; status++) {
            index[status] = (byte) (status / HUNDRED);
        }
        for (int i = 0; i < REGISTERED.length; i++) {
            index[REGISTERED[i]] = (byte) (HIGHEST_CLASS + 1 + i);
        }
        return index;
    }

    /** How many values there are. */
    static int count() {
        return LABELS.size();
    }

    /** The number of the value for {@code status}; what no status line can hold is none. */
    static int of(int status) {
        return status < 0 || status >= INDEX.length ? 0 : INDEX[status];
    }

    /** The value with this number. */
    static String label(int index) {
        return LABELS.get(index);
    }
}
