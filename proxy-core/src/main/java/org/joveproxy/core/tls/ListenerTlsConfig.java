package org.joveproxy.core.tls;

/**
 * How a listener speaks TLS.
 *
 * <p>CHP's {@code --ssl-reject-unauthorized} has no counterpart: with {@code --ssl-request-cert} a client without a
 * trusted certificate is refused whether that flag is there or not, and without it no client is ever asked. Immutable.
 *
 * @param files key and certificate, both needed; {@code ca} verifies clients and completes the own chain
 * @param requestsClientCertificate whether clients must show a certificate that {@code ca} verifies, or the Java trust
 *     store when there is no {@code ca}
 * @param rules versions and ciphers
 * @param leniency which certificates are taken
 */
public record ListenerTlsConfig(TlsFiles files, boolean requestsClientCertificate, TlsRules rules, Leniency leniency) {}
