/** Step 3: which target a request goes to. The meeting point of the REST API and the data plane. */
@NullMarked
package org.joveproxy.core.routing;

import org.jspecify.annotations.NullMarked;
