package org.joveproxy.core.text;

import java.util.regex.Pattern;

/**
 * Which texts HTTP allows in a header (RFC 9110 5.1, 5.5).
 *
 * <p>Any thread may call any method.
 */
public final class HeaderText {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    private HeaderText() {}

    /** Whether a header can have {@code text} for a name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a header can have {@code text} for a value. */
    public static boolean isValue(String text) {
        return VALUE.matcher(text).matches();
    }
}
