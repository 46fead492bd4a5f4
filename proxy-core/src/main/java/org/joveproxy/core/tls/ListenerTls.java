package org.joveproxy.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The TLS of one listener.
 *
 * <pre>{@code
 * try (ListenerTls tls = ListenerTls.load(config)) {       // off the event loops; TlsConfigException is for the operator
 *     tls.warnings().forEach(line -> log.warn("{}", line));
 *     pipeline.addFirst(tls.newHandler(channel.alloc()));  // once per connection, straight into the pipeline
 * }                                                        // connections made before stay up
 * }</pre>
 *
 * <p>{@link #reload} takes over what the files hold by now, for connections that come after it.
 *
 * <p>It serves TLS 1.2 and 1.3, the protocol http/1.1, resumed sessions, and clients that send no host name; its own
 * order of ciphers decides, as CHP's does.
 *
 * <p>Any thread may call any method, and {@link #close} once when no more handlers are wanted.
 */
public final class ListenerTls implements AutoCloseable {
    private final CurrentContext current;

    private ListenerTls(CurrentContext current) {
        this.current = current;
    }

    /** Reads the files that {@code config} names. Blocks. */
    public static ListenerTls load(ListenerTlsConfig config) throws TlsConfigException {
        return load(config, Engine.best());
    }

    static ListenerTls load(ListenerTlsConfig config, SslProvider preferred) throws TlsConfigException {
        return new ListenerTls(new CurrentContext(() -> read(config, preferred)));
    }

    private static CurrentContext.Loaded read(ListenerTlsConfig config, SslProvider preferred)
            throws TlsConfigException {
        Material material = Material.load(config.files(), true, config.rules(), config.leniency(), preferred);
        Identity identity = material.identity();
        if (identity == null) {
            throw new TlsConfigException("neither a key nor a certificate given (expected: both)");
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(material.keyManagers(identity));
            if (config.requestsClientCertificate()) {
                material.trustAuthorities(builder);
                builder.clientAuth(ClientAuth.REQUIRE);
            }
            return new CurrentContext.Loaded(material.build(builder), material);
        } catch (SSLException | RuntimeException e) {
            throw new TlsConfigException(config.files() + ": cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the files again, and uses what they hold for all connections that come from now on. When they cannot be used,
     * what was in force stays so. Blocks.
     *
     * @throws TlsConfigException when the files cannot be used, or hold a certificate that is not valid now while the one in
     *     force is
     */
    public void reload() throws TlsConfigException {
        current.reload();
    }

    /** The implementation of TLS that is preferred on this machine: {@code boringssl} or {@code jdk}. */
    public static String preferredImplementation() {
        return Engine.best() == SslProvider.JDK ? "jdk" : "boringssl";
    }

    /** Makes the handler of one accepted connection. Whoever calls adds it to a pipeline, which frees it again. */
    public SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = current.newHandler(context -> context.newHandler(allocator));
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return handler;
    }

    /** What the operator should know, one line each: flags without effect, a certificate that is over. */
    public List<String> warnings() {
        return current.material().warnings();
    }

    /** When the listener's own certificate ends. */
    public Instant expiresAt() {
        return Objects.requireNonNull(current.material().expiresAt());
    }

    /** Whose certificate is shown and until when it is valid, in words for the log. */
    public String summary() {
        return current.material().summary();
    }

    /** Whether BoringSSL does the work; otherwise the JDK does. */
    public boolean isNative() {
        return current.material().isNative();
    }

    /** The cipher suites offered, most wanted first. */
    public List<String> cipherSuites() {
        return current.material().engine().suites();
    }

    /** The versions of TLS offered, newest first. */
    public List<String> versions() {
        return current.material().engine().versions();
    }

    /** Gives back what the context holds. Connections already made stay up. */
    @Override
    public void close() {
        current.close();
    }
}
