/** The command: flags, wiring, signals. */
@NullMarked
package org.joveproxy.app;

import org.jspecify.annotations.NullMarked;
