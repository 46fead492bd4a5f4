package org.joveproxy.core.observe;

/**
 * What is read again from its files while the proxy runs.
 *
 * <p>Immutable.
 */
public enum Reloadable {
    /** Key, certificates and authorities of the listener for clients. */
    CLIENT_TLS("client", "TLS on the public port"),
    /** Key, certificates and authorities of the REST API. */
    API_TLS("api", "TLS on the REST API"),
    /** Key, certificates and authorities towards https targets. */
    UPSTREAM_TLS("upstream", "TLS to https targets"),
    /** What callers of the REST API have to know. */
    API_TOKEN("api_token", "The token of the REST API"),
    /** What readers of the metrics have to know who are not callers of the REST API. */
    METRICS_TOKEN("metrics_token", "The token for the metrics"),
    /** What the proxy shows to the hub. */
    HUB_TOKEN("hub_token", "The token for the hub's API"),
    /** What the proxy shows to the store that replicas share. */
    STORE_PASSWORD("store_password", "The password of the store"),
    /** What the proxy shows to those who know where that store is. */
    SENTINEL_PASSWORD("sentinel_password", "The password of the sentinels");

    private final String label;
    private final String words;

    Reloadable(String label, String words) {
        this.label = label;
        this.words = words;
    }

    /** The word used in metric labels: of TLS files the role of the connections that use them. */
    public String label() {
        return label;
    }

    /** For people, at the beginning of a sentence. */
    public String words() {
        return words;
    }

    /** Whether these are TLS files; otherwise it is a secret in words. */
    public boolean isTls() {
        return this == CLIENT_TLS || this == API_TLS || this == UPSTREAM_TLS;
    }
}
