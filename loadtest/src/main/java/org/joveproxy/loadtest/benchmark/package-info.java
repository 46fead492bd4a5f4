/**
 * What an operation costs a proxy: Jove, configurable-http-proxy, nginx, HAProxy and Caddy with the same duties, each on one
 * core, the load and the servers behind on the others. The entry is {@link org.joveproxy.loadtest.benchmark.Benchmark}.
 */
@NullMarked
package org.joveproxy.loadtest.benchmark;

import org.jspecify.annotations.NullMarked;
