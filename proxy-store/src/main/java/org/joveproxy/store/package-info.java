/**
 * Where routes survive: what the journal on this machine and the store that replicas share have in common. Nothing in it is
 * on the way of a request.
 */
@NullMarked
package org.joveproxy.store;

import org.jspecify.annotations.NullMarked;
