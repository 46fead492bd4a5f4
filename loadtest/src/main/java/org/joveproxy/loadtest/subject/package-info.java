/** The proxy that is judged: how it is started, limited, listened to and ended. */
@NullMarked
package org.joveproxy.loadtest.subject;

import org.jspecify.annotations.NullMarked;
