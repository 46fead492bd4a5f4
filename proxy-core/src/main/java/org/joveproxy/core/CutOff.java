package org.joveproxy.core;

/**
 * What had not come to its end when the time for that was over.
 *
 * <p>Immutable.
 *
 * @param requests requests whose answers were not complete
 * @param websockets open websockets whose clients could not be told
 */
public record CutOff(int requests, int websockets) {
    /** Nothing was cut off. */
    public static final CutOff NOTHING = new CutOff(0, 0);

    CutOff plus(CutOff other) {
        return new CutOff(requests + other.requests, websockets + other.websockets);
    }
}
