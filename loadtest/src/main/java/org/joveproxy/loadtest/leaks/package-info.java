/** The scenario that looks for sockets which a proxy does not give back. */
@NullMarked
package org.joveproxy.loadtest.leaks;

import org.jspecify.annotations.NullMarked;
