/** Step 5: what each side gets to see of the other, and the raw bytes after an upgrade. */
@NullMarked
package org.joveproxy.core.relay;

import org.jspecify.annotations.NullMarked;
