/** What stands around the proxy: servers behind it, the hub, the client of its REST API. */
@NullMarked
package org.joveproxy.loadtest.stage;

import org.jspecify.annotations.NullMarked;
