/** What a scenario is, what it gets to work with and what it hands back. */
@NullMarked
package org.joveproxy.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
