package org.joveproxy.core.tls;

/**
 * How connections to https upstreams speak TLS.
 *
 * <p>CHP's {@code --client-ssl-request-cert} and {@code --client-ssl-reject-unauthorized} have no counterpart: upstreams
 * are always verified, unless {@code insecure}. Immutable.
 *
 * @param files key and certificate to show when asked, or neither; {@code ca} replaces the Java trust store
 * @param insecure whether any certificate of any name is taken
 * @param rules versions and ciphers; CHP's requests to upstreams know only {@link TlsRules#DEFAULT}
 * @param leniency which certificates are taken
 */
public record UpstreamTlsConfig(TlsFiles files, boolean insecure, TlsRules rules, Leniency leniency) {
    /** What no flag means: no certificate of our own, the Java trust store, every upstream verified. */
    public static final UpstreamTlsConfig DEFAULT =
            new UpstreamTlsConfig(TlsFiles.NONE, false, TlsRules.DEFAULT, Leniency.NONE);
}
