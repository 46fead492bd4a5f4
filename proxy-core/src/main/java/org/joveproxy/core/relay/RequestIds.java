package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.SplittableRandom;
import org.joveproxy.core.threading.EventLoopConfined;

/**
 * Names requests, so that the lines about one in several logs can be found.
 *
 * <p>Confined to an event loop.
 */
@EventLoopConfined
public final class RequestIds {
    static final AsciiString FIELD = AsciiString.cached("x-request-id");

    private static final int MOST_CHARACTERS = 128;
    private static final String OTHERS_ALLOWED = "-_.:+/=@";
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    // Unique is enough: nobody is let in for knowing one.
    private final SplittableRandom random;

    /** Names that follow from {@code seed}, which no other loop or process may have. */
    public RequestIds(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The name that a trusted peer gave the request with {@code headers}, if it is well-formed, else a new one. */
    public String of(HttpHeaders headers, ClientFacts client) {
        if (client.isTrusted() && headers.contains(FIELD)) {
            List<String> given = headers.getAll(FIELD);
            if (given.size() == 1 && isWellFormed(given.get(0))) {
                return given.get(0);
            }
        }
        char[] id = new char[2 * Long.BYTES * 2];
        write(random.nextLong(), id, 0);
        write(random.nextLong(), id, 2 * Long.BYTES);
        return new String(id);
    }

    private static void write(long value, char[] out, int at) {
        for (int i = 0; i < 2 * Long.BYTES; i++) {
            out[at + i] = HEX[(int) (value >>> (60 - 4 * i)) & 0xf];
        }
    }

    private static boolean isWellFormed(String id) {
        if (id.isEmpty() || id.length() > MOST_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean isLetterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!isLetterOrDigit && OTHERS_ALLOWED.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
