package org.joveproxy.store.shared;

import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this process shares its routes.
 *
 * <p>Immutable.
 *
 * @param address where the store is
 * @param password gives what to show to the store in place of the address's password, or null; asked before each
 *     connection, from any thread
 * @param sentinelPassword gives what sentinels want to know, which is not what the store does, or null; asked likewise
 * @param prefix what the names of all keys begin with, so that others can use the same store
 * @param version of this program, for those who list the replicas
 * @param replicaAddress where other replicas reach this one's clients' port, as {@code host:port}; null to find out
 */
public record SharedConfig(
        StoreAddress address,
        Supplier<@Nullable String> password,
        Supplier<@Nullable String> sentinelPassword,
        String prefix,
        String version,
        @Nullable String replicaAddress) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** Checks the prefix. */
    public SharedConfig {
        if (!isPrefix(prefix)) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: letters, digits and ._:-)");
        }
    }

    /** Whether {@code text} can be a prefix. */
    public static boolean isPrefix(String text) {
        return PREFIX.matcher(text).matches();
    }

    /** For people; without the passwords. */
    @Override
    public String toString() {
        return address + ", prefix " + prefix;
    }
}
