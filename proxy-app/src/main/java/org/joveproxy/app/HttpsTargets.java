package org.joveproxy.app;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.routing.Origin;
import org.joveproxy.core.tls.TlsConfigException;
import org.joveproxy.core.tls.TlsFiles;
import org.joveproxy.core.tls.UpstreamTls;
import org.joveproxy.core.tls.UpstreamTlsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS towards https targets, ready before the start where the operator named files, otherwise soon after it.
 *
 * <p>Most installations have no https target, and loading the engine with the certificate authorities of the JDK would
 * double the time that the start takes. Any thread may call any method.
 */
final class HttpsTargets implements org.joveproxy.core.upstream.UpstreamTls {
    private static final Logger logger = LoggerFactory.getLogger(HttpsTargets.class);

    /** The first requests need the processor more. */
    private static final long PATIENCE_SECONDS = 2;

    private final UpstreamTlsConfig config;
    private final CompletableFuture<UpstreamTls> loaded = new CompletableFuture<>();
    private final CountDownLatch wanted = new CountDownLatch(1);

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

    /** Loads what was not loaded yet: soon, or as soon as it is asked for, on a thread of its own. */
    void loadInBackground() {
        if (loaded.isDone()) {
            return;
        }
        Thread loader = new Thread(this::loadOrFail, "jove-tls-loader");
        loader.setDaemon(true);
        loader.start();
    }

    private void loadOrFail() {
        try {
            boolean unused = wanted.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            load();
        } catch (InterruptedException | TlsConfigException | RuntimeException | LinkageError e) {
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
        wanted.countDown();
        return loaded;
    }

    @Override
    public SslHandler newHandler(Origin origin, ByteBufAllocator allocator) {
        return loaded.join().newHandler(allocator, origin.host(), origin.port());
    }
}
