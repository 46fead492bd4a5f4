/** What came out, as a page, as JSON and as lines on the terminal. */
@NullMarked
package org.joveproxy.loadtest.report;

import org.jspecify.annotations.NullMarked;
