/** Step 8: events for whoever counts or logs. */
@NullMarked
package org.joveproxy.core.observe;

import org.jspecify.annotations.NullMarked;
