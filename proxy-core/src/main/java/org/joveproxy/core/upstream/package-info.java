/** Step 4: connections to targets: lent, taken back, bounded. */
@NullMarked
package org.joveproxy.core.upstream;

import org.jspecify.annotations.NullMarked;
