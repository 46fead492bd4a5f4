/** Tools for tests with real sockets: the proxy in this process, raw clients, scripted upstreams, balanced books. */
@NullMarked
package org.joveproxy.core.testing;

import org.jspecify.annotations.NullMarked;
