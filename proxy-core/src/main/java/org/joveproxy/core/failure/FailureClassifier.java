package org.joveproxy.core.failure;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/**
 * Makes failures of exceptions; the only place that looks at exception classes.
 *
 * <p>Any thread may call any method.
 */
public final class FailureClassifier {
    private FailureClassifier() {}

    /** What {@code cause} means while connecting to an upstream. */
    public static Failure whileConnecting(Throwable cause) {
        return new Failure(connectKind(cause), describe(cause));
    }

    /** What {@code cause} means on an upstream connection in use. */
    public static Failure onUpstream(Throwable cause) {
        FailureKind kind;
        if (isTls(cause)) {
            kind = FailureKind.TLS_FAILED;
        } else if (cause instanceof IOException) {
            kind = FailureKind.UPSTREAM_CLOSED;
        } else if (cause instanceof DecoderException || cause instanceof IllegalArgumentException) {
            kind = FailureKind.UPSTREAM_PROTOCOL;
        } else {
            kind = FailureKind.OUR_BUG;
        }
        return new Failure(kind, describe(cause));
    }

    /** What {@code cause}, found while decoding a response, means. */
    public static Failure whileDecodingResponse(Throwable cause) {
        FailureKind kind = cause instanceof PrematureChannelClosureException
                ? FailureKind.UPSTREAM_CLOSED
                : FailureKind.UPSTREAM_PROTOCOL;
        return new Failure(kind, describe(cause));
    }

    /** What {@code cause}, found while decoding a request, means. */
    public static Failure whileDecodingRequest(Throwable cause) {
        FailureKind kind =
                cause instanceof TooLongFrameException ? FailureKind.HEAD_TOO_LARGE : FailureKind.MALFORMED_REQUEST;
        return new Failure(kind, describe(cause));
    }

    /** Whether {@code cause} is a peer's doing, of which a log line would tell nothing. */
    public static boolean isPeersDoing(Throwable cause) {
        return cause instanceof IOException || isTls(cause);
    }

    private static FailureKind connectKind(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return FailureKind.UNKNOWN_HOST;
        }
        if (cause instanceof ConnectTimeoutException) {
            return FailureKind.CONNECT_TIMEOUT;
        }
        if (isTls(cause)) {
            return FailureKind.TLS_FAILED;
        }
        if (cause instanceof ClosedChannelException) {
            return FailureKind.UPSTREAM_CLOSED;
        }
        // Refused, unreachable, out of ports or descriptors: all of them mean that no connection came to be.
        return cause instanceof IOException || cause instanceof ChannelException
                ? FailureKind.CONNECT_REFUSED
                : FailureKind.OUR_BUG;
    }

    private static boolean isTls(Throwable cause) {
        return cause instanceof SSLException
                || (cause instanceof DecoderException && cause.getCause() instanceof SSLException);
    }

    private static String describe(Throwable cause) {
        Throwable told = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        String message = told.getMessage();
        return message == null ? told.getClass().getSimpleName() : message;
    }
}
