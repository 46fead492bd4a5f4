package org.joveproxy.core.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.Test;

/** Contexts that are counted, and cost nothing. */
final class CurrentContextTest {
    private static final Material MATERIAL =
            new Material(TlsFiles.NONE, null, List.of(), new Engine(SslProvider.JDK, List.of(), List.of()), List.of());

    private final Queue<Counted> made = new ConcurrentLinkedQueue<>();
    private final SslHandler handler = new SslHandler(engine());

    private CurrentContext.Loaded load() {
        Counted context = new Counted();
        made.add(context);
        return new CurrentContext.Loaded(context, MATERIAL);
    }

    private static SSLEngine engine() {
        try {
            return SSLContext.getDefault().createSSLEngine();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aContextIsThereForAsLongAsAHandlerIsMadeWithIt() throws Exception {
        CurrentContext current = new CurrentContext(this::load);

        SslHandler unused = current.newHandler(context -> {
            reload(current);
            assertThat(((Counted) context).refCnt()).isPositive();
            return handler;
        });

        assertThat(made).extracting(Counted::refCnt).containsExactly(0, 1);
        current.close();
        assertThat(made).extracting(Counted::refCnt).containsExactly(0, 0);
    }

    /** One thread takes contexts that another exchanges and frees; it never meets one that is gone. */
    @Test
    void aHandlerCanBeMadeAtAnyMoment() throws Exception {
        CurrentContext current = new CurrentContext(this::load);
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Long> maker = thread.submit(() -> {
                long count = 0;
                while (!isOver.get()) {
                    SslHandler unused = current.newHandler(context -> {
                        assertThat(((Counted) context).refCnt()).isPositive();
                        return handler;
                    });
                    count++;
                }
                return count;
            });
            for (int i = 0; i < 300_000 && !maker.isDone(); i++) {
                reload(current);
            }
            isOver.set(true);
            assertThat(maker.get()).isPositive();
        } finally {
            isOver.set(true);
            thread.shutdown();
        }
        current.close();
        assertThat(made).allMatch(context -> context.refCnt() == 0);
    }

    private static void reload(CurrentContext current) {
        try {
            current.reload();
        } catch (TlsConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Counted extends SslContext implements ReferenceCounted {
        private final AbstractReferenceCounted count = new AbstractReferenceCounted() {
            @Override
            protected void deallocate() {
                // There is nothing to free.
            }

            @Override
            public ReferenceCounted touch(Object hint) {
                return this;
            }
        };

        @Override
        public int refCnt() {
            return count.refCnt();
        }

        @Override
        public ReferenceCounted retain() {
            count.retain();
            return this;
        }

        @Override
        public ReferenceCounted retain(int increment) {
            count.retain(increment);
            return this;
        }

        @Override
        public ReferenceCounted touch() {
            return this;
        }

        @Override
        public ReferenceCounted touch(Object hint) {
            return this;
        }

        @Override
        public boolean release() {
            return count.release();
        }

        @Override
        public boolean release(int decrement) {
            return count.release(decrement);
        }

        @Override
        public boolean isClient() {
            return false;
        }

        @Override
        public List<String> cipherSuites() {
            return List.of();
        }

        @Override
        @SuppressWarnings("deprecation")
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            throw new UnsupportedOperationException("no connection is made");
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            throw new UnsupportedOperationException("no connection is made");
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
            throw new UnsupportedOperationException("no connection is made");
        }

        @Override
        public SSLSessionContext sessionContext() {
            throw new UnsupportedOperationException("no connection is made");
        }
    }
}
