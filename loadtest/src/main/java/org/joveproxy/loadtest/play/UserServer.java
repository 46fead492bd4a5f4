package org.joveproxy.loadtest.play;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One user's notebook server: Lab's files, contents, kernels and terminals, at an address of its own as a pod has it.
 *
 * <p>It knows every answer from the path alone: the bytes are {@code new Payload(path, length)}, and the length stands
 * before the last dot of the path where it is not the usual. One that signs puts its own address before the path, so that
 * its answers are nobody else's. Confined to the play's loop.
 */
final class UserServer implements Site {
    /** The port of single-user servers in a cluster. */
    static final int PORT = 8888;

    /** Bytes of an answer of the REST API of a notebook server. */
    static final int USUAL = 400;

    private static final int ATTEMPTS = 50;

    private final InetAddress address;
    private final boolean signs;
    private @Nullable StandIn standIn;
    private boolean isStuck;

    private UserServer(InetAddress address, boolean signs) {
        this.address = address;
        this.signs = signs;
    }

    /** Starts one at the next free address, and tells {@code whenReady} of it, or of nothing when there is none. */
    static void start(PlayLoop loop, Addresses addresses, Consumer<@Nullable UserServer> whenReady) {
        start(loop, addresses, false, ATTEMPTS, whenReady);
    }

    /** As {@link #start(PlayLoop, Addresses, Consumer)}, for one whose answers show whose they are. */
    static void startSigning(PlayLoop loop, Addresses addresses, Consumer<@Nullable UserServer> whenReady) {
        start(loop, addresses, true, ATTEMPTS, whenReady);
    }

    private static void start(
            PlayLoop loop, Addresses addresses, boolean signs, int attempts, Consumer<@Nullable UserServer> whenReady) {
        UserServer server = new UserServer(addresses.next(), signs);
        StandIn.listen(loop, new InetSocketAddress(server.address, PORT), server, (bound, trouble) -> {
            if (bound != null) {
                server.standIn = bound;
                whenReady.accept(server);
            } else if (attempts > 1) {
                start(loop, addresses, signs, attempts - 1, whenReady);
            } else {
                whenReady.accept(null);
            }
        });
    }

    /** What a route to it says. */
    String target() {
        return "http://" + address.getHostAddress() + ":" + PORT;
    }

    /** Takes requests from now on and never answers. */
    void becomeStuck() {
        isStuck = true;
    }

    void ping() {
        if (standIn != null && !isStuck) {
            standIn.pingAll();
        }
    }

    /** Ends: properly, or {@code abruptly} as when the kernel kills it. */
    void close(boolean abruptly) {
        if (standIn != null) {
            standIn.close(abruptly);
        }
    }

    /** How many bytes the answer for {@code path} has. */
    static long lengthOf(String path) {
        int last = path.lastIndexOf('.');
        int before = path.lastIndexOf('.', last - 1);
        if (last < 0 || before < 0) {
            return USUAL;
        }
        long length = 0;
        for (int i = before + 1; i < last; i++) {
            int digit = path.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > 1 << 28) {
                return USUAL;
            }
            length = 10 * length + digit;
        }
        return length;
    }

    /** What {@code path} holds. */
    static Payload contentOf(String path) {
        return new Payload(path, lengthOf(path));
    }

    /** What the server behind {@code target} that signs says to {@code path}. */
    static Payload signedContentOf(String target, String path) {
        return new Payload(target + path, lengthOf(path));
    }

    @Override
    public void serve(Visit visit) {
        if (isStuck) {
            return;
        }
        if (visit.isUpgrade()) {
            visit.acceptWebSocket(visit.path());
        } else if (!visit.isUploadWhole()) {
            visit.answer("400 Bad Request", "", new Payload(visit.path(), 0));
        } else if ("GET".equals(visit.method())) {
            Payload content = signs ? signedContentOf(target(), visit.path()) : contentOf(visit.path());
            visit.answer("200 OK", "Content-Type: application/octet-stream\r\n", content);
        } else {
            visit.answer("200 OK", "Content-Type: application/json\r\n", new Payload(visit.path(), USUAL));
        }
    }
}
