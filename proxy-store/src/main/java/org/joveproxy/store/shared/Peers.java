package org.joveproxy.store.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other replicas whether they hear from the store when this one does not. Nothing is sent and one number is learned, so
 * any certificate will do.
 *
 * <p>Confined to the thread that follows the store, which is not held up: each question has a thread of its own. The JVM's
 * older client asks, since it is there within milliseconds; the newer one takes more than a second on a busy machine, and all
 * that there is time for is three.
 */
final class Peers {
    private static final Logger logger = LoggerFactory.getLogger(Peers.class);

    // A busy machine may answer late, and what it says counts as of when it was asked.
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final String PATH = "/_chp_readyz";
    private static final int MAX_BYTES = 16 * 1024;

    private final LongSupplier nanoClock;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** An answer, on the question's thread. */
    interface OnAnswer {
        /** One for which the store works had heard of it {@code silence} before {@code nanos}, or later. */
        void heard(long nanos, Duration silence);
    }

    /**
     * Asks nobody yet.
     *
     * @param nanoClock the monotonic time
     */
    Peers(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Asks those of the replicas at {@code urls} of which no answer is awaited. */
    void ask(Collection<String> urls, OnAnswer onAnswer) {
        for (String url : urls) {
            if (asked.add(url)) {
                Thread thread = new Thread(() -> askOne(url, onAnswer), "jove-peer");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private void askOne(String url, OnAnswer onAnswer) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url + PATH).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout((int) LIMIT.toMillis());
            connection.setReadTimeout((int) LIMIT.toMillis());
            connection.setRequestProperty("Connection", "close");
            if (connection instanceof HttpsURLConnection secured) {
                secured.setSSLSocketFactory(trusting().getSocketFactory());
                secured.setHostnameVerifier((host, session) -> true);
            }
            long now = nanoClock.getAsLong();
            boolean isReady = connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST;
            try (InputStream body = isReady ? connection.getInputStream() : connection.getErrorStream()) {
                Duration silence = silence(new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
                if (silence != null) {
                    onAnswer.heard(now, silence);
                }
            }
        } catch (IOException | RuntimeException e) {
            logger.debug("No answer from the replica at {}: {}", url, Conversation.reason(e));
        } finally {
            asked.remove(url);
        }
    }

    /** How long ago the store was heard of, by an answer about readiness; null when it does not say that the store works. */
    static @Nullable Duration silence(String body) {
        try {
            return RouteJson.object(RouteJson.parse(body)).get("store") instanceof Map<?, ?> store
                            && Boolean.TRUE.equals(store.get("working"))
                            && store.get("silentMillis") instanceof Number millis
                    ? Duration.ofMillis(millis.longValue())
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }

    /** Trusts whoever answers. Of this kind also host names are not compared. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
