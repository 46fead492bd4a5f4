package org.joveproxy.loadtest.play;

/** What a stand-in server does with a request. Called on the play's loop. */
@FunctionalInterface
interface Site {
    /** Answers {@code visit}, now or later, or never. Its body has arrived and been checked. */
    void serve(Visit visit);
}
