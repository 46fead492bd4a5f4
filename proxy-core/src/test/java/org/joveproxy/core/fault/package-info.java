/** What the data plane does when peers refuse, reset, stall, lie or leave, on either side and in every phase. */
@NullMarked
package org.joveproxy.core.fault;

import org.jspecify.annotations.NullMarked;
