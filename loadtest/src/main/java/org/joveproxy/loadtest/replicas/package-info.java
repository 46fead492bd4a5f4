/**
 * Several replicas that share their routes, behind a balancer, while what they stand on is killed, stopped and cut off.
 *
 * <p>Entry: {@link org.joveproxy.loadtest.replicas.Replicas}. The hub and the users are plain threads with blocking sockets:
 * what each does is a sequence, and there are a few dozen of them. What they share is in
 * {@link org.joveproxy.loadtest.replicas.RouteBook} and the other books, which any thread may call.
 */
@NullMarked
package org.joveproxy.loadtest.replicas;

import org.jspecify.annotations.NullMarked;
