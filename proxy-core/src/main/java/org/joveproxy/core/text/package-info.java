/** What people write, and what it means: shared by whoever reads their settings. */
@NullMarked
package org.joveproxy.core.text;

import org.jspecify.annotations.NullMarked;
