/**
 * TLS for the listeners and for the connections to upstreams, as CHP's {@code --*ssl-*} flags describe it.
 *
 * <p>Two entrances: {@link org.joveproxy.core.tls.ListenerTls} and {@link org.joveproxy.core.tls.UpstreamTls}. Each is
 * loaded from files before anything is served, and takes over renewed files with {@code reload}: new connections use them,
 * old ones live on, and files that cannot be used change nothing. All that an operator can get wrong is a {@link
 * org.joveproxy.core.tls.TlsConfigException} with one line of text.
 *
 * <p>Any thread may use everything here; loading reads files and belongs on no event loop.
 */
@NullMarked
package org.joveproxy.core.tls;

import org.jspecify.annotations.NullMarked;
