/**
 * Tests of the chart: rendered by Helm, checked against Kubernetes' types, and started as processes.
 */
@NullMarked
package org.joveproxy.helm;

import org.jspecify.annotations.NullMarked;
