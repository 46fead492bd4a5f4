package org.joveproxy.loadtest.play;

import org.jspecify.annotations.Nullable;

/** A user's account with the hub, and the truth about where its requests must end. Confined to the play's loop. */
final class Account {
    /** What there is behind {@code /user/<name>}. */
    enum State {
        /** No route: the hub answers. */
        ABSENT,
        /** The route is being added. */
        STARTING,
        /** A server that answers, and its route. */
        READY,
        /** The route is being taken away, and then the server. */
        STOPPING,
        /** The route, but nobody at its address. */
        CRASHED,
        /** The route, and a server that takes connections but never answers. */
        STUCK
    }

    private final String name;
    private State state = State.ABSENT;
    private int changes;
    private @Nullable UserServer server;

    Account(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Prefix of the paths that are this user's; without a slash at its end. */
    String base() {
        return "/user/" + name;
    }

    State state() {
        return state;
    }

    boolean is(State asked) {
        return state == asked;
    }

    /** Goes up with each change of state: whoever sees the same number twice knows that nothing happened between. */
    int changes() {
        return changes;
    }

    void become(State next) {
        state = next;
        changes++;
    }

    @Nullable
    UserServer server() {
        return server;
    }

    void has(@Nullable UserServer next) {
        server = next;
    }
}
