package org.joveproxy.core.tls;

/**
 * Which certificates a role takes.
 *
 * <p>Immutable.
 */
public enum Leniency {
    /** Proper X.509 only. For everything the public meets. */
    NONE,

    /**
     * Also those of certipy 0.1, which say version 1 and yet carry extensions: stores of JupyterHub's internal_ssl made
     * before September 2024 consist of them and live for five years. For the API listener and the upstreams only.
     *
     * <p>Has an effect only when one of the role's own files holds such a certificate.
     */
    OLD_CERTIPY
}
