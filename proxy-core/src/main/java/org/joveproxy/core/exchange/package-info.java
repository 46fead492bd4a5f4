/** The thread through every step: one request and its response. */
@NullMarked
package org.joveproxy.core.exchange;

import org.jspecify.annotations.NullMarked;
