/** Starts any proxy that takes configurable-http-proxy's place, plays the world around it and judges it from outside. */
@NullMarked
package org.joveproxy.loadtest;

import org.jspecify.annotations.NullMarked;
