/** Event loops, the transport below them and the clock they share. */
@NullMarked
package org.joveproxy.core.threading;

import org.jspecify.annotations.NullMarked;
