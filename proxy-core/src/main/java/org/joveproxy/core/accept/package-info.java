/** Step 1: listening sockets and the order of handlers behind them. */
@NullMarked
package org.joveproxy.core.accept;

import org.jspecify.annotations.NullMarked;
