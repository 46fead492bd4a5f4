/** Settings, read once at start. Immutable records. */
@NullMarked
package org.joveproxy.core.config;

import org.jspecify.annotations.NullMarked;
