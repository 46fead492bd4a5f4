package org.joveproxy.loadtest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joveproxy.loadtest.subject.Loopback;

/**
 * A dumb forwarder of bytes that speaks just enough of configurable-http-proxy's command line and REST API. Told to
 * ({@code --leak}), it forgets the upstream socket when the client leaves: the load test must notice.
 */
final class LeakyProxy {
    private static final Pattern TARGET = Pattern.compile("\"target\"\\s*:\\s*\"([^\"]*)\"");

    private final Map<String, URI> routes = new ConcurrentHashMap<>();
    private final List<Socket> forgotten = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final boolean leaks;

    private LeakyProxy(boolean leaks) {
        this.leaks = leaks;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        LeakyProxy proxy = new LeakyProxy(words.contains("--leak"));
        proxy.routes.put("/", URI.create(value(words, "--default-target")));
        proxy.serveApi(Integer.parseInt(value(words, "--api-port")));
        proxy.serve(Integer.parseInt(value(words, "--port")));
    }

    private static String value(List<String> words, String flag) {
        return words.get(words.indexOf(flag) + 1);
    }

    private void serveApi(int port) throws IOException {
        HttpServer api = HttpServer.create(Loopback.port(port), 0);
        api.createContext("/api/routes", this::answer);
        api.setExecutor(threads);
        api.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/api/routes".length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher target = TARGET.matcher(body);
        int status = 400;
        if (exchange.getRequestMethod().equals("POST") && target.find()) {
            routes.put(path, URI.create(target.group(1)));
            status = 201;
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            status = routes.remove(path) == null ? 404 : 204;
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void serve(int port) throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(Loopback.port(port), 1024);
            while (!server.isClosed()) {
                Socket client = server.accept();
                threads.execute(() -> forward(client));
            }
        }
    }

    private void forward(Socket client) {
        try (client) {
            byte[] head = head(client.getInputStream());
            URI target = target(new String(head, StandardCharsets.ISO_8859_1));
            Socket upstream = new Socket();
            upstream.connect(Loopback.port(target.getPort()));
            upstream.getOutputStream().write(head);
            threads.execute(() -> copy(upstream, client));
            copy(client, upstream);
            if (leaks) {
                synchronized (forgotten) {
                    forgotten.add(upstream); // or the garbage collector would close it
                }
            } else {
                upstream.close();
            }
        } catch (IOException e) {
            return; // try-with-resources has closed the client
        }
    }

    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client has left");
            }
            head.write(next);
        }
        return head.toByteArray();
    }

    private URI target(String head) throws IOException {
        String path = head.split(" ", 3)[1];
        return routes.entrySet().stream()
                .filter(route -> path.startsWith(route.getKey()))
                .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
                .orElseThrow(() -> new IOException("no route"))
                .getValue();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            return; // one of the two has ended
        }
    }
}
