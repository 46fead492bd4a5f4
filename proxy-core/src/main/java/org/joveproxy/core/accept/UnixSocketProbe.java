package org.joveproxy.core.accept;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Tells a unix socket that somebody listens on from one that a dead process left behind.
 *
 * <p>Any thread may call it.
 */
final class UnixSocketProbe {
    private UnixSocketProbe() {}

    /** True when {@code path} is a socket and nobody accepts connections on it. */
    static boolean isAbandoned(Path path) {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(path)) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Otherwise it would wait for as long as somebody listens who accepts nothing.
            probe.configureBlocking(false);
            boolean unused = probe.connect(UnixDomainSocketAddress.of(path));
            return false;
        } catch (ConnectException nobodyListens) {
            return true;
        } catch (IOException somethingElse) {
            return false;
        }
    }
}
