package org.joveproxy.core.failure;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.net.BindException;
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
        if (isOutOfPorts(cause)) {
            return FailureKind.NO_LOCAL_PORT;
        }
        if (isOutOfDescriptors(cause)) {
            return FailureKind.NO_DESCRIPTOR;
        }
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
        // Refused or unreachable: both of them mean that no connection came to be.
        return cause instanceof IOException || cause instanceof ChannelException
                ? FailureKind.CONNECT_REFUSED
                : FailureKind.OUR_BUG;
    }

    /**
     * EADDRNOTAVAIL, or EADDRINUSE when a source address was to be bound. Java's selector has an exception for it; of epoll
     * there is only the C library's text, glibc's or musl's.
     */
    private static boolean isOutOfPorts(Throwable cause) {
        return cause instanceof BindException
                || (cause instanceof IOException
                        && says(
                                cause,
                                "annot assign requested address",
                                "Address not available",
                                "ddress already in use",
                                "ddress in use"));
    }

    /** EMFILE or ENFILE; the exception's class is the same as for anything else that prevents a socket. */
    private static boolean isOutOfDescriptors(Throwable cause) {
        return says(cause, "Too many open files", "No file descriptors available");
    }

    private static boolean says(Throwable cause, String... texts) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String message = each.getMessage();
            for (String text : texts) {
                if (message != null && message.contains(text)) {
                    return true;
                }
            }
        }
        return false;
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
