package org.joveproxy.core.routing;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * The host of a target, in the one spelling that connections are shared by: names in lower case and ASCII, addresses in
 * their usual form and without brackets.
 *
 * <p>Any thread may call any method.
 */
final class TargetHost {
    private static final String NOT_IN_NAMES = " #%/:<>?@[\\]^|";
    private static final String EXPECTED = "a host name or address";

    private TargetHost() {}

    /** Reads {@code host} of the URL {@code raw}. */
    static String parse(String host, String raw) {
        if (host.startsWith("[")) {
            return ipv6(host, raw);
        }
        String name = ascii(host, raw);
        if (name.isEmpty() || !isAll(name, TargetHost::isAllowed)) {
            throw TargetUrl.unusable(raw, EXPECTED);
        }
        return isUsualIpv4(name) || !endsInNumber(name) ? name : ipv4(name, raw);
    }

    /** Whether {@code name} is four decimal numbers without needless zeros: a start reads very many of them. */
    private static boolean isUsualIpv4(String name) {
        int dots = 0;
        int digits = 0;
        int number = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' && digits > 0) {
                dots++;
                digits = 0;
                number = 0;
            } else if (c >= '0' && c <= '9' && (digits == 0 || number > 0)) {
                digits++;
                number = number * 10 + (c - '0');
                if (number > 255) {
                    return false;
                }
            } else {
                return false;
            }
        }
        return dots == 3 && digits > 0;
    }

    private static String ipv6(String host, String raw) {
        String address = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        byte[] octets = address.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(address) : null;
        if (octets == null || address.indexOf(':') < 0) {
            throw TargetUrl.unusable(raw, "an IPv6 address in brackets");
        }
        try {
            InetAddress parsed = Inet6Address.getByAddress(null, octets, -1);
            return NetUtil.toAddressString(parsed);
        } catch (UnknownHostException e) {
            throw TargetUrl.unusable(raw, "an IPv6 address in brackets");
        }
    }

    private static String ascii(String host, String raw) {
        try {
            String name = PercentEncoding.decode(host);
            return (isAll(name, c -> c < 0x80) ? name : IDN.toASCII(name, IDN.ALLOW_UNASSIGNED))
                    .toLowerCase(Locale.ROOT);
        } catch (MalformedPathException | IllegalArgumentException e) {
            throw TargetUrl.unusable(raw, EXPECTED);
        }
    }

    // Not a stream: a start with very many routes reads their targets before the JVM has compiled anything.
    private static boolean isAll(String text, IntPredicate wanted) {
        for (int i = 0; i < text.length(); i++) {
            if (!wanted.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(int c) {
        return c > ' ' && c != 0x7f && NOT_IN_NAMES.indexOf(c) < 0;
    }

    /** Whether {@code name} must be an address because its last label is a number. */
    private static boolean endsInNumber(String name) {
        String full = withoutLastDot(name);
        String last = full.substring(full.lastIndexOf('.') + 1);
        return !last.isEmpty() && (isAll(last, Character::isDigit) || last.matches("0x[0-9a-f]*"));
    }

    /** Reads the spellings of IPv4 addresses that the C library knows too: fewer than four numbers, hexadecimal, octal. */
    private static String ipv4(String name, String raw) {
        String[] numbers = withoutLastDot(name).split("\\.", -1);
        long address = 0;
        for (int place = 0; place < numbers.length; place++) {
            long number = number(numbers[place], raw);
            boolean isLast = place == numbers.length - 1;
            long limit = isLast ? 1L << (8 * Math.max(0, 5 - numbers.length)) : 256;
            if (numbers.length > 4 || number >= limit) {
                throw TargetUrl.unusable(raw, "an IPv4 address");
            }
            address += isLast ? number : number << (8 * (3 - place));
        }
        return (address >> 24) + "." + ((address >> 16) & 255) + "." + ((address >> 8) & 255) + "." + (address & 255);
    }

    private static long number(String text, String raw) {
        try {
            if (text.startsWith("0x")) {
                return text.length() == 2 ? 0 : Long.parseUnsignedLong(text.substring(2), 16);
            }
            boolean isOctal = text.length() > 1 && text.startsWith("0");
            return Long.parseUnsignedLong(text, isOctal ? 8 : 10);
        } catch (NumberFormatException e) {
            throw TargetUrl.unusable(raw, "an IPv4 address");
        }
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
