package org.joveproxy.metrics;

import org.joveproxy.core.observe.Bounds;

/** Bounds of which all are used by half, each of another size. */
final class HalfFull implements Bounds {
    @Override
    public long used(Bound bound) {
        return 10L * bound.label().length();
    }

    @Override
    public long limit(Bound bound) {
        return 2 * used(bound);
    }

    @Override
    public int openBreakers() {
        return 3;
    }
}
