/** Step 6: what can go wrong, whose fault it is and how it is answered. */
@NullMarked
package org.joveproxy.core.failure;

import org.jspecify.annotations.NullMarked;
