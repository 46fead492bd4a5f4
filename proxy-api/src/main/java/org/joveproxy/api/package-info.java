/**
 * The REST API by which JupyterHub reads and changes the routes. It runs on the loop that accepts connections, not on those
 * that carry the traffic, and meets the data plane only in the route table.
 */
@NullMarked
package org.joveproxy.api;

import org.jspecify.annotations.NullMarked;
