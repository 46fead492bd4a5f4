package org.joveproxy.loadtest.kernel;

/**
 * A process tree at one moment. Immutable.
 *
 * @param seconds since the watcher began
 * @param rssKib memory in RAM, in KiB
 * @param cpuSeconds processor time so far, in seconds; falls when a child process ends
 * @param cpuPercent processor time since the sample before, in percent of one core
 * @param sockets TCP sockets that a descriptor holds
 * @param unixSockets Unix sockets that a descriptor holds
 * @param timeWait TCP sockets in TIME_WAIT, which no descriptor holds: they cost a port and no leak
 */
public record Sample(
        double seconds,
        long rssKib,
        double cpuSeconds,
        double cpuPercent,
        long threads,
        int descriptors,
        SocketCount sockets,
        int unixSockets,
        SocketCount timeWait) {
    public double rssMib() {
        return rssKib / 1024.0;
    }

    /** Descriptors of files, pipes, timers and what else is no TCP socket. */
    public int otherDescriptors() {
        return descriptors - sockets.total();
    }
}
