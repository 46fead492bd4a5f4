package org.joveproxy.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of the connections to https upstreams.
 *
 * <pre>{@code
 * UpstreamTls tls = UpstreamTls.load(UpstreamTlsConfig.DEFAULT);               // once, off the event loops
 * pipeline.addFirst(tls.newHandler(channel.alloc(), target.host(), target.port()));  // once per connection
 * }</pre>
 *
 * <p>The upstream's certificate has to be for the host connected to, name or address, whatever the request's Host
 * header says (CHP compares with that header, which refuses good servers). Sessions are resumed per host and port.
 *
 * <p>Any thread may call any method, and {@link #close} once when no more handlers are wanted.
 */
public final class UpstreamTls implements AutoCloseable {
    private final CurrentContext current;

    private UpstreamTls(CurrentContext current) {
        this.current = current;
    }

    /** Reads the files that {@code config} names. Blocks. */
    public static UpstreamTls load(UpstreamTlsConfig config) throws TlsConfigException {
        return load(config, Engine.best());
    }

    static UpstreamTls load(UpstreamTlsConfig config, SslProvider preferred) throws TlsConfigException {
        return new UpstreamTls(new CurrentContext(() -> read(config, preferred)));
    }

    private static CurrentContext.Loaded read(UpstreamTlsConfig config, SslProvider preferred)
            throws TlsConfigException {
        Material material = Material.load(config.files(), false, config.rules(), config.leniency(), preferred);
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            Identity identity = material.identity();
            if (identity != null) {
                builder.keyManager(material.keyManagers(identity));
            }
            material.trustAuthorities(builder);
            builder.endpointIdentificationAlgorithm("HTTPS");
            if (config.insecure()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            }
            return new CurrentContext.Loaded(material.build(builder), material);
        } catch (SSLException | RuntimeException e) {
            throw new TlsConfigException(config.files() + ": cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the files again, and uses what they hold for all connections that are opened from now on. When they cannot be
     * used, what was in force stays so. Blocks.
     *
     * @throws TlsConfigException when the files cannot be used, or hold a certificate that is not valid now while the one in
     *     force is
     */
    public void reload() throws TlsConfigException {
        current.reload();
    }

    /**
     * Makes the handler of one connection. Whoever calls adds it to a pipeline, which frees it again.
     *
     * @param host the name or address that the route's target says, an IPv6 address with or without brackets
     */
    public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
        String plainHost = HostNames.plain(host);
        SslHandler handler = current.newHandler(context -> context.newHandler(allocator, plainHost, port));
        if (!HostNames.isAddress(plainHost)) {
            sayServerName(handler.engine(), plainHost);
        }
        return handler;
    }

    // By itself the JDK says no names without a dot, which are the rule inside a cluster.
    private static void sayServerName(SSLEngine engine, String host) {
        try {
            SNIHostName name = new SNIHostName(host.getBytes(StandardCharsets.UTF_8));
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(name));
            engine.setSSLParameters(parameters);
        } catch (IllegalArgumentException e) {
            // Not a name that TLS can say. The server will choose a certificate without it, and that is then verified.
            return;
        }
    }

    /** What the operator should know, one line each. */
    public List<String> warnings() {
        return current.material().warnings();
    }

    /** When our own certificate ends, or null when we show none. */
    public @Nullable Instant expiresAt() {
        return current.material().expiresAt();
    }

    /** Whose certificate is shown and until when it is valid, in words for the log. */
    public String summary() {
        return current.material().summary();
    }

    /** Whether BoringSSL does the work; otherwise the JDK does. */
    public boolean isNative() {
        return current.material().isNative();
    }

    /** Gives back what the context holds. Connections already made stay up. */
    @Override
    public void close() {
        current.close();
    }
}
