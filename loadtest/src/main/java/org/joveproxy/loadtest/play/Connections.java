package org.joveproxy.loadtest.play;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client's connections to the proxy: kept alive, one request at a time on each, at most {@code limit} of them, as a
 * browser has it. Confined to the play's loop.
 */
final class Connections {
    /** What Chrome opens to one host. */
    static final int OF_A_BROWSER = 6;

    private final Network network;
    private final InetAddress address;
    private final int limit;
    private final Set<ClientConnection> all = new HashSet<>();
    private final Deque<ClientConnection> idle = new ArrayDeque<>();
    private final Deque<Call> waiting = new ArrayDeque<>();

    Connections(Network network, InetAddress address, int limit) {
        this.network = network;
        this.address = address;
        this.limit = limit;
    }

    Network network() {
        return network;
    }

    InetAddress address() {
        return address;
    }

    /** Sends {@code request} on a connection that is free, on a new one, or when there is one. */
    void send(Request request) {
        start(new Call(request, System.nanoTime()));
    }

    private void start(Call call) {
        ClientConnection free = idle.pollLast();
        if (free != null) {
            free.start(call);
        } else if (all.size() < limit) {
            open(call);
        } else {
            waiting.add(call);
        }
    }

    private void open(Call call) {
        network.joined(this); // once more, when it has left and comes back
        ClientConnection connection = new ClientConnection(this);
        all.add(connection);
        connection.connect(call);
    }

    /** As a browser does it: a kept-alive connection that closes without a word was closed before the request. */
    void again(Call call) {
        call.retried();
        if (all.size() < limit) {
            open(call);
        } else {
            waiting.addFirst(call);
        }
    }

    void free(ClientConnection connection) {
        Call next = waiting.poll();
        if (next == null) {
            idle.add(connection);
        } else {
            connection.start(next);
        }
    }

    void closed(ClientConnection connection) {
        if (!all.remove(connection)) {
            return;
        }
        idle.remove(connection);
        Call next = all.size() < limit ? waiting.poll() : null;
        if (next != null) {
            open(next);
        }
    }

    void endOverdueCalls(long now) {
        for (ClientConnection connection : List.copyOf(all)) {
            connection.endIfOverdue(now);
        }
    }

    /** Leaves: whatever is under way ends now, with resets when {@code abruptly}. It may come back with its next request. */
    void leave(boolean abruptly) {
        List<Call> given = new ArrayList<>(waiting);
        waiting.clear();
        for (Call call : given) {
            call.end("", true);
        }
        for (ClientConnection connection : List.copyOf(all)) {
            connection.leave(abruptly);
        }
        if (all.isEmpty()) {
            network.left(this);
        }
    }

    /** How many sockets there are. */
    int size() {
        return all.size();
    }

    /** One request on its way. Confined to the play's loop. */
    static final class Call {
        final Request request;
        private final long startedAt;
        private boolean isRetried;
        private boolean hasEnded;
        private int status;
        private @Nullable String location;

        Call(Request request, long startedAt) {
            this.request = request;
            this.startedAt = startedAt;
        }

        void onHead(int newStatus, @Nullable String newLocation) {
            status = newStatus;
            location = newLocation;
        }

        boolean hasHead() {
            return status != 0;
        }

        boolean isGood() {
            return status / 100 == 2;
        }

        boolean isRetried() {
            return isRetried;
        }

        void retried() {
            isRetried = true;
        }

        boolean isOverdue(long now) {
            return now - startedAt > request.patienceNanos();
        }

        void end(String trouble, boolean hasLeft) {
            if (hasEnded) {
                return;
            }
            hasEnded = true;
            request.whenDone().accept(new Reply(status, location, trouble, hasLeft, System.nanoTime() - startedAt));
        }
    }
}
