package org.joveproxy.core;

import org.joveproxy.core.threading.Transport;

/** The same relaying on the transport of machines without epoll. */
class RelayOnNioIT extends RelayIT {
    @Override
    Transport transport() {
        return Transport.NIO;
    }
}
