/** Routes in a Redis or Valkey that several proxies share. */
@NullMarked
package org.joveproxy.store.shared;

import org.jspecify.annotations.NullMarked;
