package org.joveproxy.core.relay;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;

/**
 * Changes to a message's fields that leave their order alone, which some servers and people look at.
 *
 * <p>Any thread may call any method.
 */
final class Fields {
    private Fields() {}

    /** Sets {@code name} where it stands first, under the name that it has there, or at the end. */
    static void set(HttpHeaders headers, CharSequence name, String value) {
        if (!headers.contains(name)) {
            headers.add(name, value);
            return;
        }
        List<Map.Entry<String, String>> before = headers.entries();
        headers.clear();
        boolean isSet = false;
        for (Map.Entry<String, String> field : before) {
            if (!field.getKey().equalsIgnoreCase(name.toString())) {
                headers.add(field.getKey(), field.getValue());
            } else if (!isSet) {
                isSet = true;
                headers.add(field.getKey(), value);
            }
        }
    }
}
