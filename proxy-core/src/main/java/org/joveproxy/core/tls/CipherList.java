package org.joveproxy.core.tls;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An OpenSSL cipher list such as {@code ECDHE+AESGCM:HIGH:!aNULL:@STRENGTH}, see the manual page ciphers(1).
 *
 * <p>It is expanded against the suites that an engine has, in OpenSSL's order of preference. As with OpenSSL, words
 * that fit no suite are passed over; it is only wrong to end with nothing. The suites of TLS 1.3 stand beside the list:
 * all are offered, unless the list names some of them, as Node has it.
 *
 * <p>Immutable.
 */
final class CipherList {
    /** What CHP uses when it is given no list. */
    static final String CHP_DEFAULT = String.join(
            ":",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "DHE-RSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-SHA256",
            "DHE-RSA-AES128-SHA256",
            "ECDHE-RSA-AES256-SHA384",
            "DHE-RSA-AES256-SHA384",
            "ECDHE-RSA-AES256-SHA256",
            "DHE-RSA-AES256-SHA256",
            "HIGH",
            "!RC4",
            "!aNULL",
            "!eNULL",
            "!EXPORT",
            "!DES",
            "!MD5",
            "!PSK",
            "!SRP",
            "!CAMELLIA");

    /** The suites of TLS 1.3 that the engines have, in OpenSSL's order. */
    static final List<String> TLS_1_3 =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

    private static final Predicate<CipherSuite> ANONYMOUS =
            suite -> suite.authentication().equals("NULL");
    private static final Predicate<CipherSuite> PLAIN =
            suite -> suite.encryption().equals("NULL");
    private static final Predicate<CipherSuite> WEAK = suite -> suite.bits() < 112;
    private static final Predicate<CipherSuite> MEDIUM =
            suite -> suite.bits() == 112 || List.of("RC4", "SEED", "IDEA").contains(suite.encryption());
    private static final Predicate<CipherSuite> HIGH = MEDIUM.or(WEAK).negate();
    private static final Predicate<CipherSuite> NOT_DEFAULT =
            ANONYMOUS.or(MEDIUM).or(WEAK).or(authentication("DSS")).and(PLAIN.negate());

    private static final Map<String, Predicate<CipherSuite>> ALIASES = Map.ofEntries(
            Map.entry("ALL", PLAIN.negate()),
            Map.entry("COMPLEMENTOFALL", PLAIN),
            Map.entry("DEFAULT", NOT_DEFAULT.or(PLAIN).negate()),
            Map.entry("COMPLEMENTOFDEFAULT", NOT_DEFAULT),
            Map.entry("HIGH", HIGH),
            Map.entry("MEDIUM", MEDIUM),
            Map.entry("FIPS", HIGH.and(suite -> suite.encryption().startsWith("AES"))),
            Map.entry("eNULL", PLAIN),
            Map.entry("NULL", PLAIN),
            Map.entry("aNULL", ANONYMOUS),
            Map.entry("kRSA", exchange("RSA")),
            Map.entry("RSA", exchange("RSA")),
            Map.entry("aRSA", authentication("RSA")),
            Map.entry("kDHE", exchange("DHE")),
            Map.entry("kEDH", exchange("DHE")),
            Map.entry("DH", exchange("DHE")),
            Map.entry("DHE", exchange("DHE").and(ANONYMOUS.negate())),
            Map.entry("EDH", exchange("DHE").and(ANONYMOUS.negate())),
            Map.entry("ADH", exchange("DHE").and(ANONYMOUS)),
            Map.entry("kECDHE", exchange("ECDHE")),
            Map.entry("kEECDH", exchange("ECDHE")),
            Map.entry("ECDH", exchange("ECDHE")),
            Map.entry("ECDHE", exchange("ECDHE").and(ANONYMOUS.negate())),
            Map.entry("EECDH", exchange("ECDHE").and(ANONYMOUS.negate())),
            Map.entry("AECDH", exchange("ECDHE").and(ANONYMOUS)),
            Map.entry("kECDH", exchange("ECDH")),
            Map.entry("kECDHr", exchange("ECDH").and(authentication("RSA"))),
            Map.entry("kECDHe", exchange("ECDH").and(authentication("ECDSA"))),
            Map.entry("aDSS", authentication("DSS")),
            Map.entry("DSS", authentication("DSS")),
            Map.entry("aECDSA", authentication("ECDSA")),
            Map.entry("ECDSA", authentication("ECDSA")),
            Map.entry(
                    "PSK",
                    suite -> suite.exchange().contains("PSK")
                            || suite.authentication().equals("PSK")),
            Map.entry("aPSK", authentication("PSK")),
            Map.entry("kPSK", exchange("PSK")),
            Map.entry("SRP", suite -> suite.exchange().startsWith("SRP")),
            Map.entry("AES", suite -> suite.encryption().startsWith("AES")),
            Map.entry("AES128", suite -> suite.encryption().startsWith("AES") && suite.bits() == 128),
            Map.entry("AES256", suite -> suite.encryption().startsWith("AES") && suite.bits() == 256),
            Map.entry("AESGCM", encryption("AESGCM")),
            Map.entry("AESCCM", suite -> suite.encryption().startsWith("AESCCM")),
            Map.entry("AESCCM8", encryption("AESCCM8")),
            Map.entry("CHACHA20", encryption("CHACHA20")),
            Map.entry("CAMELLIA", suite -> suite.encryption().startsWith("CAMELLIA")),
            Map.entry("ARIA", suite -> suite.encryption().startsWith("ARIA")),
            Map.entry("SEED", suite -> suite.encryption().startsWith("SEED")),
            Map.entry("IDEA", suite -> suite.encryption().startsWith("IDEA")),
            Map.entry("3DES", encryption("3DES")),
            Map.entry("LOW", WEAK.and(PLAIN.negate())),
            Map.entry("DES", suite -> suite.encryption().startsWith("DES")),
            Map.entry("RC4", encryption("RC4")),
            Map.entry("RC2", suite -> suite.encryption().startsWith("RC2")),
            Map.entry("MD5", mac("MD5")),
            Map.entry("SHA", mac("SHA1")),
            Map.entry("SHA1", mac("SHA1")),
            Map.entry("SHA256", mac("SHA256")),
            Map.entry("SHA384", mac("SHA384")),
            Map.entry("TLSv1.2", CipherSuite::isOfTls12),
            Map.entry("TLSv1.0", exchange("ECDHE").and(suite -> !suite.isOfTls12())),
            Map.entry("TLSv1", exchange("ECDHE").and(suite -> !suite.isOfTls12())),
            Map.entry("SSLv3", exchange("ECDHE").or(CipherSuite::isOfTls12).negate()));

    // OpenSSL's order, most wanted first: ephemeral keys, then authenticated encryption, then what only TLS 1.2 has,
    // then strength; among equals broken, unauthenticated and static things last, and GCM before ChaCha20 before CBC.
    private static final Comparator<CipherSuite> PREFERENCE = Comparator.comparing(CipherList::rank)
            .thenComparing(suite -> !suite.isOfTls12())
            .thenComparing(suite -> -suite.bits())
            .thenComparing(suite -> suite.encryption().equals("RC4"))
            .thenComparing(suite -> suite.exchange().contains("PSK"))
            .thenComparing(suite -> suite.exchange().equals("RSA"))
            .thenComparing(suite -> suite.authentication().equals("NULL"))
            .thenComparing(suite -> suite.mac().equals("MD5"))
            .thenComparing(CipherList::encryptionRank)
            .thenComparing(suite -> suite.exchange().equals("ECDHE") ? 0 : 1)
            .thenComparing(suite -> suite.authentication().equals("ECDSA") ? 0 : 1);

    private final String text;

    /** @param text the list, or null for CHP's own */
    CipherList(@Nullable String text) {
        this.text = text == null ? CHP_DEFAULT : text;
    }

    private static Predicate<CipherSuite> exchange(String exchange) {
        return suite -> suite.exchange().equals(exchange);
    }

    private static Predicate<CipherSuite> authentication(String authentication) {
        return suite -> suite.authentication().equals(authentication);
    }

    private static Predicate<CipherSuite> encryption(String encryption) {
        return suite -> suite.encryption().equals(encryption);
    }

    private static Predicate<CipherSuite> mac(String mac) {
        return suite -> suite.mac().equals(mac);
    }

    private static int rank(CipherSuite suite) {
        return (suite.isEphemeral() ? 0 : 2) + (suite.isAead() ? 0 : 1);
    }

    private static int encryptionRank(CipherSuite suite) {
        return switch (suite.encryption()) {
            case "AESGCM" -> 0;
            case "CHACHA20" -> 1;
            case "AES" -> 2;
            default -> 3;
        };
    }

    /** The suites of TLS 1.3 that this list allows. */
    List<String> suitesOfTls13() {
        Set<String> named = new LinkedHashSet<>();
        List<String> left = new ArrayList<>(TLS_1_3);
        for (String word : words()) {
            if (TLS_1_3.contains(word)) {
                named.add(word);
            } else if (word.startsWith("!")) {
                left.remove(word.substring(1));
            }
        }
        named.retainAll(left);
        return named.isEmpty() ? left : List.copyOf(named);
    }

    /** The suites of TLS 1.2 that this list chooses from {@code supported}, most wanted first, maybe none. */
    List<String> suitesOfTls12(Collection<String> supported) throws TlsConfigException {
        Selection selection = new Selection(parsed(supported));
        for (String word : words()) {
            apply(word, selection);
        }
        return selection.chosen.stream().map(CipherSuite::name).toList();
    }

    // Netty lists many suites a second time with SSL_ in front.
    private static List<CipherSuite> parsed(Collection<String> supported) {
        Set<String> known = new HashSet<>();
        List<CipherSuite> suites = new ArrayList<>();
        for (String name : supported) {
            CipherSuite.parse(name)
                    .filter(suite -> known.add(suite.openSslName()))
                    .ifPresent(suites::add);
        }
        suites.sort(PREFERENCE);
        return suites;
    }

    private List<String> words() {
        return List.of(text.strip().split("[:, ;]+"));
    }

    private void apply(String word, Selection selection) throws TlsConfigException {
        if (word.isEmpty()) {
            return;
        }
        String rest = word.substring(1);
        switch (word.charAt(0)) {
            case '@' -> applyCommand(rest, selection);
            case '!' -> selection.kill(matching(rest));
            case '-' -> selection.drop(matching(rest));
            case '+' -> selection.moveToEnd(matching(rest));
            default -> selection.add(matching(word));
        }
    }

    private void applyCommand(String command, Selection selection) throws TlsConfigException {
        if (command.equals("STRENGTH")) {
            selection.chosen.sort(Comparator.comparing(suite -> -suite.bits()));
        } else if (!command.startsWith("SECLEVEL=")) {
            throw new TlsConfigException("--ssl-ciphers=" + text + ": unknown command @" + command
                    + " (expected: @STRENGTH or @SECLEVEL=n)");
        }
    }

    // "ECDHE+AESGCM" means both.
    private static Predicate<CipherSuite> matching(String words) {
        Predicate<CipherSuite> all = suite -> true;
        for (String word : words.split("\\+")) {
            all = all.and(matchingOne(word));
        }
        return all;
    }

    private static Predicate<CipherSuite> matchingOne(String word) {
        return ALIASES.getOrDefault(
                word, suite -> suite.openSslName().equals(word) || suite.name().equals(word));
    }

    /** The suites chosen so far and those that still can be. */
    private static final class Selection {
        private final List<CipherSuite> chosen = new ArrayList<>();
        private final List<CipherSuite> others;

        Selection(List<CipherSuite> all) {
            others = new ArrayList<>(all);
        }

        void add(Predicate<CipherSuite> which) {
            chosen.addAll(take(others, which));
        }

        void kill(Predicate<CipherSuite> which) {
            chosen.removeIf(which);
            others.removeIf(which);
        }

        void drop(Predicate<CipherSuite> which) {
            others.addAll(0, take(chosen, which));
        }

        void moveToEnd(Predicate<CipherSuite> which) {
            chosen.addAll(take(chosen, which));
        }

        private static List<CipherSuite> take(List<CipherSuite> from, Predicate<CipherSuite> which) {
            List<CipherSuite> taken = from.stream().filter(which).toList();
            from.removeAll(taken);
            return taken;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
