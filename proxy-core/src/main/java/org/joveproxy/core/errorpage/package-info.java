/** Where the body of an error answer comes from. */
@NullMarked
package org.joveproxy.core.errorpage;

import org.jspecify.annotations.NullMarked;
