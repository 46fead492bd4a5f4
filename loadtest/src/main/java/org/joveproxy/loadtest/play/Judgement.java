package org.joveproxy.loadtest.play;

/** What an answer, or the lack of one, is held for. */
public enum Judgement {
    /** What was asked for, whole and unchanged. */
    GOOD("as it should be"),
    /** The hub said that there is no server, which was so. */
    NO_SERVER("hub says no server"),
    /** A 5xx or a refusal for a server that is really gone. */
    GONE("server is gone"),
    /** The hub did not answer, as it was told to, and so neither could the proxy. */
    HUB_HANGS("hub hangs"),
    /** The server came, went or died while the request was under way: anything may be right. */
    CHANGING("server came or went"),
    /** The client itself left before the answer. */
    LEFT("client left"),
    /** None of these: the proxy's fault. */
    FAILED("failed");

    private final String label;

    Judgement(String label) {
        this.label = label;
    }

    /** In words, for a report. */
    public String label() {
        return label;
    }
}
