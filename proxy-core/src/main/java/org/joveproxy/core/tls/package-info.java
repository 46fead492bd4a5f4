/**
 * TLS for the listeners and for the connections to upstreams, as CHP's {@code --*ssl-*} flags describe it.
 *
 * <p>Two entrances: {@link org.joveproxy.core.tls.ListenerTls} and {@link org.joveproxy.core.tls.UpstreamTls}. Each is
 * loaded from files once, before anything is served, and may be loaded again to take over renewed files. All that an
 * operator can get wrong is a {@link org.joveproxy.core.tls.TlsConfigException} with one line of text.
 *
 * <p>Everything here is immutable and any thread may use it; loading reads files and belongs on no event loop.
 */
@NullMarked
package org.joveproxy.core.tls;

import org.jspecify.annotations.NullMarked;
