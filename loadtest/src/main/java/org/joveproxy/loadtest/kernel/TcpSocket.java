package org.joveproxy.loadtest.kernel;

/**
 * One line of the kernel's table of TCP sockets. Immutable.
 *
 * @param inode what a descriptor of it points to; 0 for one that no process holds any more, such as those in TIME_WAIT
 */
public record TcpSocket(int localPort, int peerPort, TcpState state, long inode) {}
