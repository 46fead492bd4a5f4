package org.joveproxy.core.tls;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a cipher suite of TLS 1.2 says about it.
 *
 * <p>Immutable.
 *
 * @param name as the engine spells it, for example {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
 * @param exchange how keys are agreed on: RSA, DHE, ECDHE, ECDH, PSK, ECDHE_PSK and others
 * @param authentication how the server proves itself: RSA, ECDSA, DSS, PSK or NULL
 * @param encryption AES, AESGCM, AESCCM, CHACHA20, 3DES, RC4, NULL and others
 * @param bits the strength of the encryption
 * @param mac SHA1, SHA256, SHA384, MD5 or AEAD
 * @param openSslName as OpenSSL spells it, for example {@code ECDHE-RSA-AES128-GCM-SHA256}
 */
record CipherSuite(
        String name,
        String exchange,
        String authentication,
        String encryption,
        int bits,
        String mac,
        String openSslName) {
    private static final Pattern NAME = Pattern.compile("(?:TLS|SSL)_(.+)_WITH_(.+?)(?:_(SHA|SHA256|SHA384|MD5))?");
    private static final Pattern SIZED = Pattern.compile("([A-Z]+)_(128|192|256)_(CBC|GCM|CCM|CCM_8)");

    private record Keys(String exchange, String authentication, String openSslPrefix) {}

    private record Encryption(String kind, int bits, String openSslName) {
        boolean isAead() {
            return kind.endsWith("GCM") || kind.startsWith("AESCCM") || kind.equals("CHACHA20");
        }
    }

    /** Reads the name of an engine's suite; empty for TLS 1.3's and for names of another form. */
    static Optional<CipherSuite> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Keys keys = keys(matcher.group(1));
        Encryption encryption = encryption(matcher.group(2));
        String hash = matcher.group(3) == null ? "" : matcher.group(3);
        String mac = encryption.isAead() ? "AEAD" : hash.equals("SHA") ? "SHA1" : hash;
        String suffix = hash.isEmpty() || encryption.kind().equals("CHACHA20") ? "" : "-" + hash;
        String mode = keys.authentication().equals("PSK") && encryption.kind().equals("AES") ? "-CBC" : "";
        return Optional.of(new CipherSuite(
                name,
                keys.exchange(),
                keys.authentication(),
                encryption.kind(),
                encryption.bits(),
                mac,
                keys.openSslPrefix() + encryption.openSslName() + mode + suffix));
    }

    private static Keys keys(String text) {
        return switch (text) {
            case "RSA" -> new Keys("RSA", "RSA", "");
            case "DH_anon" -> new Keys("DHE", "NULL", "ADH-");
            case "ECDH_anon" -> new Keys("ECDHE", "NULL", "AECDH-");
            default -> {
                int last = text.lastIndexOf('_');
                String authentication = text.substring(last + 1);
                String exchange = authentication.equals("PSK") ? text : text.substring(0, Math.max(last, 0));
                yield new Keys(exchange, authentication, text.replace('_', '-') + "-");
            }
        };
    }

    private static Encryption encryption(String text) {
        Matcher sized = SIZED.matcher(text);
        if (sized.matches()) {
            int bits = Integer.parseInt(sized.group(2));
            String mode = sized.group(3).equals("CBC") ? "" : sized.group(3).replace("_", "");
            String suffix = mode.isEmpty() ? "" : "-" + mode;
            return new Encryption(sized.group(1) + mode, bits, sized.group(1) + bits + suffix);
        }
        return switch (text) {
            case "CHACHA20_POLY1305" -> new Encryption("CHACHA20", 256, "CHACHA20-POLY1305");
            case "3DES_EDE_CBC" -> new Encryption("3DES", 112, "DES-CBC3");
            case "RC4_128" -> new Encryption("RC4", 128, "RC4");
            case "NULL" -> new Encryption("NULL", 0, "NULL");
            default -> new Encryption(text, 56, text);
        };
    }

    boolean isAead() {
        return mac.equals("AEAD");
    }

    boolean isEphemeral() {
        return exchange.startsWith("ECDHE") || exchange.startsWith("DHE");
    }

    /** Whether no version before TLS 1.2 has it. */
    boolean isOfTls12() {
        return isAead() || mac.equals("SHA256") || mac.equals("SHA384");
    }
}
