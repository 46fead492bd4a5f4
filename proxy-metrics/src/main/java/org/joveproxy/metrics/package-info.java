/** What happens in the core, as series for Prometheus, and the listener that serves them. */
@NullMarked
package org.joveproxy.metrics;

import org.jspecify.annotations.NullMarked;
