package org.joveproxy.app;

import java.util.List;

/**
 * The variables of the environment that the proxy reads, and some of which people might think that it did.
 *
 * <p>Immutable. The variables of the launcher and the JVM are not here: they have done their work before this program runs.
 */
final class EnvironmentVariables {
    static final Variable TOKEN = new Variable("CONFIGPROXY_AUTH_TOKEN", "the token of the REST API");
    static final Variable TOKEN_FILE = new Variable(
            "CONFIGPROXY_AUTH_TOKEN_FILE", "a file with the token of the REST API, or two; CHP does not read it");
    static final Variable PASSPHRASE = new Variable("CONFIGPROXY_SSL_KEY_PASSPHRASE", "the passphrase of --ssl-key");
    static final Variable API_PASSPHRASE =
            new Variable("CONFIGPROXY_API_SSL_KEY_PASSPHRASE", "the passphrase of --api-ssl-key");
    static final Variable METRICS_TOKEN =
            new Variable("JOVE_METRICS_TOKEN", "a token for the metrics alone, with --metrics-on-api");
    static final Variable METRICS_TOKEN_FILE =
            new Variable("JOVE_METRICS_TOKEN_FILE", "a file with that token for the metrics, or two");
    static final Variable STATE_DIR = new Variable("JOVE_STATE_DIR", "as --state-dir, which wins");
    static final Variable HUB_URL =
            new Variable("JOVE_HUB_API_URL", "the hub's REST API, which is asked to check its routes");
    static final Variable HUB_TOKEN = new Variable("JOVE_HUB_API_TOKEN", "the token for the hub's REST API");
    static final Variable HUB_TOKEN_FILE =
            new Variable("JOVE_HUB_API_TOKEN_FILE", "a file with the token for the hub's REST API");
    static final Variable STORE_USERNAME = new Variable("JOVE_STORE_USERNAME", "the user at the shared store");
    static final Variable STORE_PASSWORD = new Variable("JOVE_STORE_PASSWORD", "the password at the shared store");
    static final Variable STORE_PASSWORD_FILE =
            new Variable("JOVE_STORE_PASSWORD_FILE", "a file with the password at the shared store");
    static final Variable SENTINEL_PASSWORD =
            new Variable("JOVE_STORE_SENTINEL_PASSWORD", "the password at the sentinels of the shared store");
    static final Variable SENTINEL_PASSWORD_FILE = new Variable(
            "JOVE_STORE_SENTINEL_PASSWORD_FILE", "a file with the password at the sentinels of the shared store");
    static final Variable REPLICA_ADDRESS = new Variable("JOVE_REPLICA_ADDRESS", "as --replica-address, which wins");

    static final List<Variable> ALL = List.of(
            TOKEN,
            TOKEN_FILE,
            PASSPHRASE,
            API_PASSPHRASE,
            METRICS_TOKEN,
            METRICS_TOKEN_FILE,
            STATE_DIR,
            HUB_URL,
            HUB_TOKEN,
            HUB_TOKEN_FILE,
            STORE_USERNAME,
            STORE_PASSWORD,
            STORE_PASSWORD_FILE,
            SENTINEL_PASSWORD,
            SENTINEL_PASSWORD_FILE,
            REPLICA_ADDRESS);

    /** Those by which Node.js, and so CHP, is told something. */
    static final List<Variable> WITHOUT_MEANING = List.of(
            new Variable(
                    "NODE_EXTRA_CA_CERTS", "without meaning here: --client-ssl-ca names authorities of https targets"),
            new Variable("NODE_TLS_REJECT_UNAUTHORIZED", "without meaning here: see --insecure"),
            new Variable("NODE_OPTIONS", "without meaning here: JOVE_JAVA_OPTS holds options of the JVM"));

    private EnvironmentVariables() {}

    /** One variable and what it holds. */
    record Variable(String name, String meaning) {}
}
