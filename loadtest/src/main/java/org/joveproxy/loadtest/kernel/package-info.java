/** What the kernel knows of a process: memory, processor time, descriptors, sockets. */
@NullMarked
package org.joveproxy.loadtest.kernel;

import org.jspecify.annotations.NullMarked;
