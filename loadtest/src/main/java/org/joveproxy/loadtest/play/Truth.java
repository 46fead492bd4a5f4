package org.joveproxy.loadtest.play;

/**
 * How things stood at one moment. Immutable.
 *
 * @param state of the server asked for
 * @param changes of that state so far
 * @param hubHangs whether the hub leaves everything unanswered
 * @param hubChanges of that so far
 */
record Truth(Account.State state, int changes, boolean hubHangs, int hubChanges) {
    /** Whether the server's state was the same all the time between this and {@code later}. */
    boolean isSteadyUntil(Truth later) {
        return changes == later.changes;
    }

    /** Whether the hub answered all the time between this and {@code later}. */
    boolean hubAnswersUntil(Truth later) {
        return !hubHangs && hubChanges == later.hubChanges;
    }
}
