/**
 * The play around a proxy: a hub, the users' servers, and the users with their browsers, all on loopback.
 *
 * <p>Everything runs on one event loop ({@link org.joveproxy.loadtest.play.PlayLoop}), so that whoever judges an answer
 * knows exactly what state the server was in, and so that the play takes one core at most and leaves the other to the proxy.
 */
@NullMarked
package org.joveproxy.loadtest.play;

import org.jspecify.annotations.NullMarked;
