package org.joveproxy.core.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {
    static Stream<Arguments> whileConnecting() {
        return Stream.of(
                arguments(new UnknownHostException("h"), FailureKind.UNKNOWN_HOST),
                arguments(new ConnectException("refused"), FailureKind.CONNECT_REFUSED),
                arguments(new NoRouteToHostException("no way"), FailureKind.CONNECT_REFUSED),
                arguments(new ConnectTimeoutException("late"), FailureKind.CONNECT_TIMEOUT),
                arguments(new IOException("reset"), FailureKind.CONNECT_REFUSED),
                arguments(new ChannelException(new IOException("not permitted")), FailureKind.CONNECT_REFUSED),
                arguments(new ChannelException(new IOException("Too many open files")), FailureKind.NO_DESCRIPTOR),
                arguments(new ChannelException("socket(..) failed: Too many open files"), FailureKind.NO_DESCRIPTOR),
                arguments(new SocketException("Too many open files in system"), FailureKind.NO_DESCRIPTOR),
                arguments(new BindException("whatever"), FailureKind.NO_LOCAL_PORT),
                arguments(
                        new ConnectException("connect(..) failed: Cannot assign requested address: h/127.0.0.1:1"),
                        FailureKind.NO_LOCAL_PORT),
                arguments(new IOException("bind(..) failed: Address already in use"), FailureKind.NO_LOCAL_PORT),
                arguments(new ConnectException("connect(..) failed: Address not available"), FailureKind.NO_LOCAL_PORT),
                arguments(new ClosedChannelException(), FailureKind.UPSTREAM_CLOSED),
                arguments(new SSLHandshakeException("bad"), FailureKind.TLS_FAILED),
                arguments(new DecoderException(new SSLHandshakeException("bad")), FailureKind.TLS_FAILED),
                arguments(new IllegalStateException("ours"), FailureKind.OUR_BUG));
    }

    @ParameterizedTest
    @MethodSource
    void whileConnecting(Throwable cause, FailureKind expected) {
        assertThat(FailureClassifier.whileConnecting(cause).kind()).isEqualTo(expected);
    }

    static Stream<Arguments> onUpstream() {
        return Stream.of(
                arguments(new IOException("Connection reset by peer"), FailureKind.UPSTREAM_CLOSED),
                arguments(new ClosedChannelException(), FailureKind.UPSTREAM_CLOSED),
                arguments(new DecoderException("garbage"), FailureKind.UPSTREAM_PROTOCOL),
                arguments(new DecoderException(new SSLHandshakeException("bad")), FailureKind.TLS_FAILED),
                arguments(new NullPointerException("ours"), FailureKind.OUR_BUG));
    }

    @ParameterizedTest
    @MethodSource
    void onUpstream(Throwable cause, FailureKind expected) {
        assertThat(FailureClassifier.onUpstream(cause).kind()).isEqualTo(expected);
    }

    static Stream<Arguments> whileDecodingResponse() {
        return Stream.of(
                arguments(new PrematureChannelClosureException("half a head"), FailureKind.UPSTREAM_CLOSED),
                arguments(new TooLongHttpHeaderException("big"), FailureKind.UPSTREAM_PROTOCOL),
                arguments(new IllegalArgumentException("garbage"), FailureKind.UPSTREAM_PROTOCOL));
    }

    @ParameterizedTest
    @MethodSource
    void whileDecodingResponse(Throwable cause, FailureKind expected) {
        assertThat(FailureClassifier.whileDecodingResponse(cause).kind()).isEqualTo(expected);
    }

    @Test
    void aHeadThatIsTooLargeIsNotMerelyMalformed() {
        assertThat(FailureClassifier.whileDecodingRequest(new TooLongFrameException("big"))
                        .kind()
                        .status())
                .isEqualTo(431);
        assertThat(FailureClassifier.whileDecodingRequest(new IllegalArgumentException("x"))
                        .kind()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatPeersDoIsNoBug() {
        assertThat(FailureClassifier.isPeersDoing(new IOException("Broken pipe")))
                .isTrue();
        assertThat(FailureClassifier.isPeersDoing(new DecoderException(new SSLHandshakeException("no cert"))))
                .isTrue();
        assertThat(FailureClassifier.isPeersDoing(new IllegalStateException("ours")))
                .isFalse();
    }

    @Test
    void theDetailIsTheCausesMessageOrItsName() {
        assertThat(FailureClassifier.onUpstream(new IOException("Broken pipe")).detail())
                .isEqualTo("Broken pipe");
        assertThat(FailureClassifier.onUpstream(new ClosedChannelException()).detail())
                .isEqualTo("ClosedChannelException");
    }
}
