package org.joveproxy.metrics;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * The memory beside the heap that bytes on their way are in. Netty and the JVM keep a book each; which of them Netty's
 * buffers are in depends on the JVM's version, so a page tells of both.
 *
 * <p>Immutable.
 */
final class DirectMemory {
    private final BufferPoolMXBean ofJvm = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();

    void writeTo(PageWriter page) {
        page.begin(MeterNames.DIRECT_MEMORY_USED);
        // Netty answers -1 when it leaves the counting to the JVM.
        page.sample(MeterNames.DIRECT_MEMORY_USED, Math.max(0, PlatformDependent.usedDirectMemory()), "netty");
        page.sample(MeterNames.DIRECT_MEMORY_USED, ofJvm.getMemoryUsed(), "jvm");
        page.begin(MeterNames.DIRECT_MEMORY_LIMIT);
        page.sample(MeterNames.DIRECT_MEMORY_LIMIT, PlatformDependent.maxDirectMemory(), "netty");
        page.sample(MeterNames.DIRECT_MEMORY_LIMIT, PlatformDependent.estimateMaxDirectMemory(), "jvm");
    }
}
