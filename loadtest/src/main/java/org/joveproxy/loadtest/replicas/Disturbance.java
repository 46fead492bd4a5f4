package org.joveproxy.loadtest.replicas;

/** What is done to the replicas and to what they stand on. */
enum Disturbance {
    KILL("a replica is killed and started again"),
    REDIS("Redis is killed and started again with its data"),
    LOST("Redis is killed and started again without its data"),
    FREEZE("nothing passes between a replica and Redis"),
    PULL("the connections of a replica to Redis are closed and refused"),
    STOP("a replica is stopped by SIGSTOP and continued");

    private final String told;

    Disturbance(String told) {
        this.told = told;
    }

    /** In words, for a report. */
    String told() {
        return told;
    }

    /** Whether a request in flight on the replica cannot be answered. */
    boolean silencesReplica() {
        return this == KILL || this == STOP;
    }

    /** Whether there is no Redis while it lasts. */
    boolean takesRedis() {
        return this == REDIS || this == LOST;
    }
}
