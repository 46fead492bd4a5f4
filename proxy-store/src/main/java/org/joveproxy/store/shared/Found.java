package org.joveproxy.store.shared;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store answers to a second look.
 *
 * <p>Immutable.
 *
 * @param epoch of the store's content; empty when it holds nothing
 * @param seq the number of the last change that the answer knows of
 * @param path of the route that was found, or null when there was none
 * @param data the route's data as JSON; empty when there was none
 * @param epochMillis when the route was last used
 */
record Found(String epoch, long seq, @Nullable String path, String data, long epochMillis) {
    static Found of(List<Object> answer) {
        String epoch = String.valueOf(answer.get(0));
        long seq = Heartbeat.number(answer.get(1));
        return answer.size() < 5
                ? new Found(epoch, seq, null, "", 0)
                : new Found(epoch, seq, String.valueOf(answer.get(2)), String.valueOf(answer.get(3)), (long)
                        Double.parseDouble(String.valueOf(answer.get(4))));
    }
}
