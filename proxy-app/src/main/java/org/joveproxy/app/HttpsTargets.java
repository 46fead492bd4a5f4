package org.joveproxy.app;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.routing.RouteListener;
import org.joveproxy.core.routing.Scheme;
import org.joveproxy.core.tls.TlsConfigException;
import org.joveproxy.core.tls.TlsFiles;
import org.joveproxy.core.tls.UpstreamTls;
import org.joveproxy.core.tls.UpstreamTlsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS towards https targets, ready before the start where the operator named files, otherwise soon after the first such
 * target has become known.
 *
 * <p>Most installations have none, and the engine with the certificate authorities of the JDK would double the time that
 * the start takes, and hold 8 MB. Any thread may call any method.
 */
final class HttpsTargets implements org.joveproxy.core.upstream.UpstreamTls, RouteListener {
    private static final Logger logger = LoggerFactory.getLogger(HttpsTargets.class);

    private final UpstreamTlsConfig config;
    private final CompletableFuture<UpstreamTls> loaded = new CompletableFuture<>();
    private final AtomicBoolean isWanted = new AtomicBoolean();

    private HttpsTargets(UpstreamTlsConfig config) {
        this.config = config;
    }

    /** Reads the files that {@code config} names, if any. */
    static HttpsTargets of(UpstreamTlsConfig config) throws TlsConfigException {
        HttpsTargets targets = new HttpsTargets(config);
        if (!config.files().equals(TlsFiles.NONE)) {
            targets.load();
        }
        return targets;
    }

    private void load() throws TlsConfigException {
        UpstreamTls tls = UpstreamTls.load(config);
        tls.warnings().forEach(logger::warn);
        loaded.complete(tls);
    }

    /** A route that leads to an https target will be used soon. */
    @Override
    public void targeted(Origin origin) {
        if (origin.scheme() == Scheme.HTTPS) {
            loadInBackground();
        }
    }

    @Override
    public void abandoned(Origin origin) {}

    private void loadInBackground() {
        if (loaded.isDone() || !isWanted.compareAndSet(false, true)) {
            return;
        }
        Thread loader = new Thread(this::loadOrFail, "jove-tls-loader");
        loader.setDaemon(true);
        loader.start();
    }

    private void loadOrFail() {
        try {
            load();
        } catch (TlsConfigException | RuntimeException | LinkageError e) {
            logger.error("https targets cannot be reached: {}", e.getMessage());
            loaded.completeExceptionally(e);
        }
    }

    /** What is used for the connections of now; only if files were named. */
    UpstreamTls current() {
        return loaded.join();
    }

    @Override
    public CompletableFuture<?> ready() {
        loadInBackground();
        return loaded;
    }

    @Override
    public SslHandler newHandler(Origin origin, ByteBufAllocator allocator) {
        return loaded.join().newHandler(allocator, origin.host(), origin.port());
    }
}
