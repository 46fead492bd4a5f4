package org.joveproxy.store.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.joveproxy.store.RouteJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other replicas whether they hear from the store when this one does not. Nothing is sent and one bit is learned, so
 * any certificate will do.
 *
 * <p>Confined to the thread that follows the store.
 */
final class Peers {
    private static final Logger logger = LoggerFactory.getLogger(Peers.class);

    private static final Duration LIMIT = Duration.ofMillis(750);
    private static final String PATH = "/_chp_readyz";

    // Made when it is needed, which may be never.
    private @Nullable HttpClient client;

    /** Has {@code onYes} run, on another thread, for each of the replicas at {@code urls} that hears from the store. */
    void ask(Collection<String> urls, Runnable onYes) {
        for (String url : urls) {
            HttpRequest request;
            try {
                request = HttpRequest.newBuilder(URI.create(url + PATH))
                        .timeout(LIMIT)
                        .build();
            } catch (IllegalArgumentException e) {
                logger.debug("A replica has no usable address: {}", url);
                continue;
            }
            client().sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((answer, failure) -> {
                if (answer != null && saysWorking(answer.body())) {
                    onYes.run();
                }
            });
        }
    }

    /** Whether the answer to a question about readiness says that the store works. */
    static boolean saysWorking(String body) {
        try {
            Object store = RouteJson.object(RouteJson.parse(body)).get("store");
            return store instanceof Map<?, ?> fields && Boolean.TRUE.equals(fields.get("working"));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            known = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(LIMIT)
                    .sslContext(trusting())
                    .build();
            client = known;
        }
        return known;
    }

    /** Gives up what was needed to ask. */
    void rest() {
        client = null;
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
