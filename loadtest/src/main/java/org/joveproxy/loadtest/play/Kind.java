package org.joveproxy.loadtest.play;

/** What a user, a tab or the hub wanted; latencies and verdicts are kept by it. */
public enum Kind {
    HUB_PAGE("page of the hub"),
    SPAWN("spawn progress"),
    LAB_PAGE("page of a server"),
    STATIC_FILE("static file"),
    POLL("poll"),
    SAVE("save"),
    DOWNLOAD("download"),
    UPLOAD("upload"),
    WEBSOCKET("websocket handshake"),
    MESSAGE("websocket message"),
    RETRIED_GET("retry of a tab, GET"),
    RETRIED_WEBSOCKET("retry of a tab, websocket"),
    RECONNECT("reconnect of everybody"),
    API_READ("read all routes"),
    API_ADD("add a route"),
    API_DELETE("delete a route");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /** In words, for a report. */
    public String label() {
        return label;
    }
}
