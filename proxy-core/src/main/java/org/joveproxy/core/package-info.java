/** The data plane of Jove: {@link org.joveproxy.core.ReverseProxy} builds it from a configuration. */
@NullMarked
package org.joveproxy.core;

import org.jspecify.annotations.NullMarked;
