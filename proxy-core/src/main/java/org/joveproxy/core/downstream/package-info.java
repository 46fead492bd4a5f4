/** Step 2: the client's connection: decoded requests, one at a time, refused when they could be read in two ways. */
@NullMarked
package org.joveproxy.core.downstream;

import org.jspecify.annotations.NullMarked;
