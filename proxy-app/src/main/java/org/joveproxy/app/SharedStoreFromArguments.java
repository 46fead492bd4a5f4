package org.joveproxy.app;

import java.util.Map;
import java.util.regex.Pattern;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.store.shared.SharedConfig;
import org.joveproxy.store.shared.StoreAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads which store the replicas share.
 *
 * <p>Confined to the thread that starts the proxy.
 */
final class SharedStoreFromArguments {
    private static final String USERNAME = EnvironmentVariables.STORE_USERNAME.name();
    private static final String PASSWORD = EnvironmentVariables.STORE_PASSWORD.name();
    private static final String PASSWORD_FILE = EnvironmentVariables.STORE_PASSWORD_FILE.name();
    private static final String SENTINEL_PASSWORD = EnvironmentVariables.SENTINEL_PASSWORD.name();
    private static final String SENTINEL_PASSWORD_FILE = EnvironmentVariables.SENTINEL_PASSWORD_FILE.name();
    private static final String REPLICA_ADDRESS = EnvironmentVariables.REPLICA_ADDRESS.name();
    private static final String DEFAULT_PREFIX = "jove";
    private static final Pattern ADDRESS = Pattern.compile("[^\\s/@?#]+:[0-9]{1,5}");

    private SharedStoreFromArguments() {}

    /**
     * The store, or null when the command line names none, or one of which {@code problems} hears. The errors never show the
     * value: it may hold a password.
     */
    static @Nullable SharedConfig read(
            Arguments given, Map<String, String> environment, Secrets secrets, Problems problems) {
        String url = given.text(Flags.STORAGE_BACKEND);
        if (url == null) {
            return null;
        }
        Secret password = problems.orNull(() -> secrets.read(Reloadable.STORE_PASSWORD, PASSWORD, PASSWORD_FILE));
        StoreAddress address = problems.orNull(() -> address(url, environment, password));
        Secret sentinelPassword = problems.orNull(
                () -> secrets.read(Reloadable.SENTINEL_PASSWORD, SENTINEL_PASSWORD, SENTINEL_PASSWORD_FILE));
        String prefix = problems.or(DEFAULT_PREFIX, () -> prefix(given));
        String replicaAddress = problems.orNull(() -> replicaAddress(given, environment));
        if (password == null || address == null || sentinelPassword == null) {
            return null;
        }
        return new SharedConfig(
                address, password::value, sentinelPassword::value, prefix, Version.text(), replicaAddress);
    }

    /** The address, which may go without a password where nobody knows whether there is one. */
    private static StoreAddress address(String url, Map<String, String> environment, @Nullable Secret secret)
            throws UsageException {
        if (!url.contains("://")) {
            throw UsageException.of("error: option '" + Flags.STORAGE_BACKEND
                    + "' names a Node.js module, which cannot be loaded here (expected: a URL such as"
                    + " redis://host:6379, or nothing to keep routes in memory)");
        }
        StoreAddress address;
        try {
            address = StoreAddress.parse(url);
        } catch (IllegalArgumentException e) {
            throw UsageException.of(
                    "error: option '" + Flags.STORAGE_BACKEND + "' value is invalid: " + e.getMessage());
        }
        String username = absentAsNull(environment.getOrDefault(USERNAME, ""));
        StoreAddress complete = address.withUsername(username);
        if (complete.username() != null && complete.password() == null && secret != null && secret.value() == null) {
            throw UsageException.of("error: option '" + Flags.STORAGE_BACKEND
                    + "' has a user and no password (expected: " + PASSWORD + " or " + PASSWORD_FILE + ")");
        }
        return complete;
    }

    private static String prefix(Arguments given) throws UsageException {
        String prefix = given.text(Flags.STORE_PREFIX);
        if (prefix == null) {
            return DEFAULT_PREFIX;
        }
        if (!SharedConfig.isPrefix(prefix)) {
            throw UsageException.of("error: option '" + Flags.STORE_PREFIX + "' value '" + prefix
                    + "' is invalid (expected: up to 64 letters, digits and ._:-)");
        }
        return prefix;
    }

    private static @Nullable String replicaAddress(Arguments given, Map<String, String> environment)
            throws UsageException {
        String text = given.text(Flags.REPLICA_ADDRESS);
        if (text == null) {
            text = absentAsNull(environment.getOrDefault(REPLICA_ADDRESS, ""));
        }
        if (text != null && !ADDRESS.matcher(text).matches()) {
            throw UsageException.of("error: option '" + Flags.REPLICA_ADDRESS + "' value '" + text
                    + "' is invalid (expected: host:port)");
        }
        return text;
    }

    private static @Nullable String absentAsNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
