/** Step 7: every socket from open to close, in exactly one phase, with a deadline. */
@NullMarked
package org.joveproxy.core.lifecycle;

import org.jspecify.annotations.NullMarked;
