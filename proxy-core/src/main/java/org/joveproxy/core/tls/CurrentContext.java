package org.joveproxy.core.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Function;

/**
 * The context that a role uses now, and its replacement by what the role's files hold later. Connections made with a former
 * one stay up; sessions of it are not resumed, so that whom a renewed set of files no longer trusts is asked again.
 *
 * <p>Any thread may call any method. Invariant: what {@code loaded} holds is released by whoever replaces it, once.
 */
final class CurrentContext implements AutoCloseable {
    private final Loading loading;
    private volatile Loaded loaded;
    private boolean isClosed;

    /** What was made of one reading of the files. */
    record Loaded(SslContext context, Material material) {}

    /** Reads the files and makes a context of them. Blocks. */
    @FunctionalInterface
    interface Loading {
        Loaded load() throws TlsConfigException;
    }

    /** Reads the files for the first time. */
    CurrentContext(Loading loading) throws TlsConfigException {
        this.loading = loading;
        this.loaded = loading.load();
    }

    /** What was loaded last. */
    Material material() {
        return loaded.material();
    }

    /**
     * Reads the files again. The context that was in force stays so when this throws. Blocks.
     *
     * @throws TlsConfigException when the files cannot be used, or would put a certificate that is not valid now in the
     *     place of one that is
     */
    synchronized void reload() throws TlsConfigException {
        Loaded former = loaded;
        Loaded next = loading.load();
        String trouble = next.material().trouble();
        if (trouble != null && former.material().trouble() == null) {
            ReferenceCountUtil.release(next.context());
            throw new TlsConfigException(trouble);
        }
        if (isClosed) {
            ReferenceCountUtil.release(next.context());
            return;
        }
        loaded = next;
        ReferenceCountUtil.release(former.context());
    }

    /** A handler that {@code making} makes with the context in force. */
    SslHandler newHandler(Function<SslContext, SslHandler> making) {
        SslContext context = retained();
        try {
            return making.apply(context);
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    // Race: between the reading of the field and the retaining the context may be replaced and freed. Then there is
    // another.
    private SslContext retained() {
        SslContext context = loaded.context();
        while (true) {
            try {
                return ReferenceCountUtil.retain(context);
            } catch (IllegalReferenceCountException e) {
                SslContext next = loaded.context();
                if (next == context) {
                    throw new IllegalStateException("closed", e);
                }
                context = next;
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            ReferenceCountUtil.release(loaded.context());
        }
    }
}
