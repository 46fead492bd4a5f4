/** What the proxy asks of the hub itself. Entry: {@link org.joveproxy.core.hub.HubCheck}. Confined to one event loop. */
@NullMarked
package org.joveproxy.core.hub;

import org.jspecify.annotations.NullMarked;
