/** Routes in a file, so that they survive the process. */
@NullMarked
package org.joveproxy.store.journal;

import org.jspecify.annotations.NullMarked;
