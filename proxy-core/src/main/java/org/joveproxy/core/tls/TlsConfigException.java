package org.joveproxy.core.tls;

import org.jspecify.annotations.Nullable;

/**
 * Says in one line for the operator which TLS file or flag is wrong and what was expected.
 *
 * <p>Immutable.
 */
public final class TlsConfigException extends Exception {
    TlsConfigException(String message) {
        super(message);
    }

    TlsConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
