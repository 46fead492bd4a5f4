package org.joveproxy.app;

import java.util.List;
import java.util.Set;

/**
 * Every flag of the command: those of configurable-http-proxy in its order, then our own.
 *
 * <p>Immutable.
 */
final class Flags {
    static final Flag IP = Flag.value("--ip", "<ip-address>", "Public address of the proxy. Default: all interfaces.")
            .differing(
                    "an address that is taken ends the proxy with exit code 1, where CHP runs on without that listener",
                    "port-in-use");
    static final Flag PORT = Flag.value("--port", "<n>", "Public port of the proxy. Default: 8000.")
            .differing(
                    "a port that is taken ends the proxy with exit code 1, where CHP runs on without that listener; a value that is no number ends it too, where CHP takes the default; 0 lets the kernel choose, where CHP takes 8000",
                    "port-in-use",
                    "numbers",
                    "repeated-numbers");
    static final Flag SOCKET = Flag.value(
                    "--socket", "<path>", "Unix socket for the proxy to listen on, instead of --ip and --port.")
            .differing(
                    "a socket file on which nobody listens any more is replaced, where CHP runs on without that listener; one in use ends the proxy with exit code 1; nothing is added to X-Forwarded-For, where CHP adds the word undefined",
                    "stale-socket",
                    "port-in-use",
                    "forwarded-for-unix");
    static final Flag SSL_KEY = Flag.value(
                    "--ssl-key",
                    "<keyfile>",
                    "TLS key in a PEM file. Its passphrase, if it has one, is taken from CONFIGPROXY_SSL_KEY_PASSPHRASE.")
            .differing(
                    "a key without --ssl-cert, or one that cannot be used, ends the proxy with exit code 1, where CHP may listen and fail each handshake; read again when it changes");
    static final Flag SSL_CERT = Flag.value("--ssl-cert", "<certfile>", "TLS certificate in a PEM file, or a chain.")
            .differing(
                    "a certificate without --ssl-key ends the proxy with exit code 1, where CHP listens and fails each handshake; read again when it changes");
    static final Flag SSL_CA = Flag.value("--ssl-ca", "<ca-file>", "TLS certificate authorities that clients may use.")
            .differing("read again when it changes, as are keys and certificates");
    static final Flag SSL_REQUEST_CERT =
            Flag.toggle("--ssl-request-cert", "Clients must show a certificate that --ssl-ca knows.");
    static final Flag SSL_REJECT_UNAUTHORIZED = Flag.toggle(
            "--ssl-reject-unauthorized",
            "Accepted for compatibility: --ssl-request-cert alone already rejects clients without a valid certificate.");
    static final Flag SSL_PROTOCOL =
            Flag.value("--ssl-protocol", "<ssl-protocol>", "Allow one TLS version only, for example TLSv1_2.");
    static final Flag SSL_CIPHERS =
            Flag.value("--ssl-ciphers", "<ciphers>", "Cipher list in OpenSSL's notation, separated by colons.");
    static final Flag SSL_ALLOW_RC4 = Flag.toggle("--ssl-allow-rc4", "Accepted for compatibility: RC4 is gone.")
            .differing("no effect; in CHP neither since its OpenSSL has no RC4 any more");
    static final Flag SSL_DHPARAM = Flag.value(
                    "--ssl-dhparam",
                    "<dhparam-file>",
                    "Accepted for compatibility: no TLS engine here asks for Diffie-Hellman parameters.")
            .differing("no effect but that the file must be a PEM file; CHP uses it for DHE suites");
    static final Flag API_IP = Flag.value("--api-ip", "<ip>", "Address of the REST API. Default: localhost.")
            .differing(
                    "an address that is taken ends the proxy with exit code 1, where CHP runs on without that listener",
                    "port-in-use");
    static final Flag API_PORT = Flag.value(
                    "--api-port", "<n>", "Port of the REST API. Default: the value of --port + 1.")
            .differing(
                    "a port that is taken ends the proxy with exit code 1, where CHP runs on without that listener; a value that is no number ends it too, where CHP takes the default",
                    "port-in-use",
                    "numbers",
                    "repeated-numbers");
    static final Flag API_SOCKET = Flag.value(
                    "--api-socket",
                    "<path>",
                    "Unix socket for the REST API to listen on, instead of --api-ip and --api-port.")
            .differing(
                    "with --api-port it is an error, where CHP ignores the port; a socket file on which nobody listens any more is replaced",
                    "socket-conflicts",
                    "stale-socket");
    static final Flag API_SSL_KEY = Flag.value(
                    "--api-ssl-key",
                    "<keyfile>",
                    "TLS key of the REST API in a PEM file; its passphrase comes from CONFIGPROXY_API_SSL_KEY_PASSPHRASE.")
            .differing("a key without --api-ssl-cert ends the proxy with exit code 1; read again when it changes");
    static final Flag API_SSL_CERT = Flag.value(
                    "--api-ssl-cert", "<certfile>", "TLS certificate of the REST API in a PEM file, or a chain.")
            .differing(
                    "a certificate without --api-ssl-key ends the proxy with exit code 1; read again when it changes");
    static final Flag API_SSL_CA = Flag.value(
            "--api-ssl-ca", "<ca-file>", "TLS certificate authorities that clients of the REST API may use.");
    static final Flag API_SSL_REQUEST_CERT = Flag.toggle(
            "--api-ssl-request-cert", "Clients of the REST API must show a certificate that --api-ssl-ca knows.");
    static final Flag API_SSL_REJECT_UNAUTHORIZED = Flag.toggle(
            "--api-ssl-reject-unauthorized",
            "Accepted for compatibility: --api-ssl-request-cert alone already rejects.");
    static final Flag CLIENT_SSL_KEY = Flag.value(
                    "--client-ssl-key", "<keyfile>", "TLS key that the proxy shows to https targets, in a PEM file.")
            .differing("read again when it changes");
    static final Flag CLIENT_SSL_CERT = Flag.value(
                    "--client-ssl-cert",
                    "<certfile>",
                    "TLS certificate that the proxy shows to https targets, in a PEM file.")
            .differing("read again when it changes");
    static final Flag CLIENT_SSL_CA = Flag.value(
                    "--client-ssl-ca", "<ca-file>", "TLS certificate authorities that https targets may use.")
            .differing(
                    "the target's certificate is checked against the target's name, where CHP takes the Host that the client sent; read again when it changes",
                    "target-name");
    static final Flag CLIENT_SSL_REQUEST_CERT = Flag.toggle(
            "--client-ssl-request-cert", "Accepted for compatibility: https targets always show a certificate.");
    static final Flag CLIENT_SSL_REJECT_UNAUTHORIZED = Flag.toggle(
            "--client-ssl-reject-unauthorized",
            "Accepted for compatibility: targets with a bad certificate are always rejected, unless --insecure is given.");
    static final Flag DEFAULT_TARGET = Flag.value(
                    "--default-target", "<host>", "Where requests go that match no route (proto://host[:port]).")
            .differing("one that is no URL is told in the log; requests that need it fail in CHP too");
    static final Flag ERROR_TARGET = Flag.value(
                    "--error-target",
                    "<host>",
                    "Server that makes the pages for errors of the proxy (proto://host[:port]).")
            .differing(
                    "it is asked within a deadline and for few errors at a time, its pages are kept for a while, and where it fails the built-in page is shown; CHP asks for each error and waits for ever",
                    "error-target-fails",
                    "error-target-slow",
                    "error-pages-kept",
                    "error-pages-few",
                    "error-target-query");
    static final Flag ERROR_PATH = Flag.value(
            "--error-path", "<path>", "Directory with the pages for errors: 404.html, 503.html, error.html.");
    static final Flag ERROR_FORMAT = Flag.value(
                    "--error-format",
                    "<format>",
                    "Errors of the proxy: html for everybody, or negotiate for JSON to programs. Default: html.")
            .ofOurs();
    static final Flag REDIRECT_PORT = Flag.value(
                    "--redirect-port", "<redirect-port>", "Send plain HTTP requests on this port to the proxy's HTTPS.")
            .differing(
                    "the redirect for an IPv6 literal or a request in absolute form leads to the proxy, where CHP makes an unusable address",
                    "redirect-ipv6",
                    "redirect-absolute");
    static final Flag REDIRECT_TO = Flag.value(
                    "--redirect-to", "<port>", "The port that --redirect-port sends to. Default: the value of --port.")
            .differing("443 is not written into the address, where CHP writes it", "redirect-standard-port");
    static final Flag PID_FILE = Flag.value("--pid-file", "<pid-file>", "Write the process id to a file.");
    static final Flag NO_X_FORWARD = Flag.toggle("--no-x-forward", "Add no X-Forwarded-* headers to proxied requests.");
    static final Flag NO_PREPEND_PATH =
            Flag.toggle("--no-prepend-path", "Do not put the target's path before the path of proxied requests.");
    static final Flag NO_INCLUDE_PREFIX = Flag.toggle(
                    "--no-include-prefix", "Cut the route's prefix off the path of proxied requests.")
            .differing(
                    "the segments of the prefix are cut off the path as it came, where CHP cuts as many characters as the decoded prefix has",
                    "prefix-cut");
    static final Flag AUTO_REWRITE = Flag.toggle(
                    "--auto-rewrite", "Rewrite host and port of Location headers in redirects from the target.")
            .differing(
                    "without a port in the client's Host there is none in Location, where CHP leaves the target's",
                    "rewrite-without-port");
    static final Flag CHANGE_ORIGIN =
            Flag.toggle("--change-origin", "Set the Host header of proxied requests to the target's.");
    static final Flag PROTOCOL_REWRITE = Flag.value(
            "--protocol-rewrite", "<proto>", "Rewrite the scheme of Location headers in redirects from the target.");
    static final Flag CUSTOM_HEADER = Flag.value(
            "--custom-header",
            "<header>",
            "Header to add to proxied requests. May be repeated: --custom-header k1:v1 --custom-header k2:v2.");
    static final Flag INSECURE = Flag.toggle("--insecure", "Accept any certificate of https targets.")
            .differing("it has effect: CHP checks certificates nevertheless", "insecure");
    static final Flag HOST_ROUTING = Flag.toggle(
                    "--host-routing", "Route by host: the request's host is the first segment of its path.")
            .differing(
                    "names in capitals, with a dot at their end, or IPv6 literals are the same host, where CHP takes them for others",
                    "host-names");
    static final Flag METRICS_IP =
            Flag.value("--metrics-ip", "<ip>", "Address of the metrics. Default: all interfaces.");
    static final Flag METRICS_PORT = Flag.value(
                    "--metrics-port", "<n>", "Port of the metrics. Default: none, and no metrics.")
            .differing(
                    "a port that is taken ends the proxy with exit code 1, where CHP runs on without that listener",
                    "port-in-use");
    static final Flag METRICS_SOCKET = Flag.value(
                    "--metrics-socket",
                    "<path>",
                    "Unix socket for the metrics to listen on, instead of --metrics-ip and --metrics-port.")
            .differing(
                    "with --metrics-port it is an error, where CHP ignores the port; a socket file on which nobody listens any more is replaced",
                    "socket-conflicts",
                    "stale-socket");
    static final Flag METRICS_ON_API = Flag.toggle(
            "--metrics-on-api",
            "Serve the metrics on the REST API's address, too, for those who know its token or JOVE_METRICS_TOKEN.");
    static final Flag LOG_LEVEL = Flag.value(
                    "--log-level", "<loglevel>", "Log level: debug, info, warn or error. Default: info.")
            .differing(
                    "requests that are answered with 404 or 503 are told at info, where CHP has level error; debug never shows a token",
                    "log-of-failures",
                    "log-of-tokens");
    static final Flag TIMEOUT = Flag.value(
                    "--timeout",
                    "<n>",
                    "Milliseconds after which a client that is silent during a request is dropped. Default: none.")
            .differing("a value that is no number ends it, where CHP takes the default", "numbers", "repeated-numbers");
    static final Flag PROXY_TIMEOUT = Flag.value(
                    "--proxy-timeout",
                    "<n>",
                    "Milliseconds after which a target that is silent during a request is given up. Default: none.")
            .differing("a value that is no number ends it, where CHP takes the default", "numbers", "repeated-numbers");
    static final Flag STORAGE_BACKEND = Flag.value(
                    "--storage-backend",
                    "<url>",
                    "Redis or Valkey in which several proxies share their routes: redis://host:port. Default: none.")
            .differing("the URL of a Redis or Valkey; the name of a Node.js module, as CHP has it, is an error");
    static final Flag STORE_PREFIX = Flag.value(
                    "--store-prefix",
                    "<prefix>",
                    "What the names of all keys in that store begin with, one for each hub. Default: jove.")
            .ofOurs();
    static final Flag REPLICA_ADDRESS = Flag.value(
                    "--replica-address",
                    "<host:port>",
                    "Where the other proxies reach the public port of this one. Default: found out by itself.")
            .ofOurs();
    static final Flag STATE_DIR = Flag.value(
                    "--state-dir",
                    "<dir>",
                    "Directory where routes survive a restart; none for memory only, auto for /dev/shm/jove. Default: none.")
            .ofOurs();
    static final Flag RESTORED_ROUTE_TTL = Flag.value(
                    "--restored-route-ttl",
                    "<n>",
                    "Milliseconds after which a restored route goes that the hub has not confirmed; 0 for never. Default: 3600000.")
            .ofOurs();
    static final Flag KEEP_ALIVE_TIMEOUT = Flag.value(
                    "--keep-alive-timeout",
                    "<timeout>",
                    "Milliseconds that an unused client connection is kept open. Default: 5000.")
            .differing("a value that is no number ends it, where CHP takes the default", "numbers", "repeated-numbers");

    static final Flag MAX_HEADER_SIZE = Flag.value(
                    "--max-header-size",
                    "<bytes>",
                    "The largest head of a request or response, 1024 to 262144. Default: 16384.")
            .ofOurs();
    static final Flag EVENT_LOOPS = Flag.value(
                    "--event-loops",
                    "<n>",
                    "Threads that carry the traffic. Default: one for each processor, at most 8.")
            .ofOurs();
    static final Flag MAX_UPSTREAM_CONNECTIONS = Flag.value(
                    "--max-upstream-connections", "<n>", "Connections to one target at the same time. Default: 20000.")
            .ofOurs();
    static final Flag BREAKER_FAILURES = Flag.value(
                    "--breaker-failures",
                    "<n>",
                    "Failures to connect in a row after which a target is tried only once a second; 0 for never. Default: 5.")
            .ofOurs();
    static final Flag UPSTREAM_SOURCE_ADDRESS = Flag.value(
                    "--upstream-source-address",
                    "<ip>",
                    "Address of this machine that connections to targets come from. May be repeated: each brings its own ports.")
            .ofOurs();
    static final Flag REMOVED_ROUTE_TUNNEL_TIMEOUT = Flag.value(
                    "--removed-route-tunnel-timeout",
                    "<n>",
                    "Milliseconds that a websocket may stay open when no route leads to its target any more. Default: none.")
            .ofOurs();
    static final Flag CONNECT_TIMEOUT = Flag.value(
                    "--connect-timeout", "<n>", "Milliseconds that connecting to a target may take. Default: 10000.")
            .ofOurs();
    static final Flag YOUNG_ROUTE_RETRY = Flag.value(
                    "--young-route-retry",
                    "<n>",
                    "Milliseconds after a route was added in which requests wait for a target that refuses connections, instead"
                            + " of 503. Default: none.")
            .ofOurs();
    static final Flag UPGRADE_TIMEOUT = Flag.value(
                    "--upgrade-timeout",
                    "<n>",
                    "Milliseconds in which a target must answer an upgrade; --proxy-timeout counts too, when shorter. Default: 30000.")
            .ofOurs();

    static final Flag HEADER_TIMEOUT = Flag.value(
                    "--header-timeout",
                    "<n>",
                    "Milliseconds that a client may take for the head of a request. Default: 30000.")
            .ofOurs();
    static final Flag TLS_TIMEOUT = Flag.value(
                    "--tls-timeout", "<n>", "Milliseconds that the TLS handshake of a client may take. Default: 30000.")
            .ofOurs();
    static final Flag QUEUE_TIMEOUT = Flag.value(
                    "--queue-timeout",
                    "<n>",
                    "Milliseconds that a request may wait for a connection to its target, connecting included."
                            + " Default: the value of --connect-timeout.")
            .ofOurs();
    static final Flag STALL_TIMEOUT = Flag.value(
                    "--stall-timeout",
                    "<n>",
                    "Milliseconds after which a peer is dropped that takes nothing of what waits for it. Default: 120000.")
            .ofOurs();
    static final Flag TUNNEL_IDLE_TIMEOUT = Flag.value(
                    "--tunnel-idle-timeout",
                    "<n>",
                    "Milliseconds after which a websocket is closed that carries nothing either way. Default: none.")
            .ofOurs();
    static final Flag HALF_CLOSE_TIMEOUT = Flag.value(
                    "--half-close-timeout",
                    "<n>",
                    "Milliseconds that a websocket lives on when one side has closed. Default: 10000.")
            .ofOurs();
    static final Flag LINGER_TIMEOUT = Flag.value(
                    "--linger-timeout",
                    "<n>",
                    "Milliseconds for which the rest of a refused request is read and thrown away. Default: 2000.")
            .ofOurs();
    static final Flag UPSTREAM_IDLE_TIMEOUT = Flag.value(
                    "--upstream-idle-timeout",
                    "<n>",
                    "Milliseconds that an unused connection to a target is kept open. Default: 30000.")
            .ofOurs();
    static final Flag DRAIN_DELAY = Flag.value(
                    "--drain-delay",
                    "<n>",
                    "Milliseconds for which clients are still accepted after SIGTERM, while /_chp_readyz says 503. Default: 0.")
            .ofOurs();
    static final Flag DRAIN_TIMEOUT = Flag.value(
                    "--drain-timeout",
                    "<n>",
                    "Milliseconds that requests in hand may take to finish after SIGTERM and --drain-delay. Default: 1000.")
            .ofOurs();
    static final Flag TCP_KEEPALIVE = Flag.value(
                    "--tcp-keepalive",
                    "<idle/interval/count>",
                    "Ask a silent peer for a sign of life: seconds of silence before the first question, seconds between questions,"
                            + " number of questions. 0 asks nobody. Default: 60/15/4.")
            .ofOurs();
    static final Flag TCP_USER_TIMEOUT = Flag.value(
                    "--tcp-user-timeout",
                    "<n>",
                    "Milliseconds after which the kernel gives up a peer that acknowledges nothing or takes nothing."
                            + " Default: as long as --tcp-keepalive takes.")
            .ofOurs();
    static final Flag MAX_CONNECTIONS = Flag.value(
                    "--max-connections",
                    "<n>",
                    "Clients that are served at the same time. Default: as many as descriptors and memory are enough for.")
            .ofOurs();
    static final Flag MAX_BUFFERED_BYTES = Flag.value(
                    "--max-buffered-bytes",
                    "<bytes>",
                    "Bytes that may wait in memory for slow peers, all together. Default: half of the JVM's direct memory.")
            .ofOurs();
    static final Flag BACKLOG = Flag.value(
                    "--backlog", "<n>", "Connections that the kernel may hold until they are accepted. Default: 4096.")
            .ofOurs();
    static final Flag TRUSTED_PROXIES = Flag.value(
                    "--trusted-proxies",
                    "<networks>",
                    "Peers whose word about their clients is taken: addresses, networks such as 10.0.0.0/8, or unix; separated"
                            + " by commas, or repeated. Default: none.")
            .ofOurs();
    static final Flag FORWARDING = Flag.value(
                    "--forwarding",
                    "<mode>",
                    "What becomes of the X-Forwarded-* of a request: append, replace or single. Default: append.")
            .ofOurs();
    static final Flag FORWARDED = Flag.toggle("--forwarded", "Add a Forwarded header (RFC 7239) to proxied requests.")
            .ofOurs();
    static final Flag PROXY_PROTOCOL = Flag.value(
                    "--proxy-protocol",
                    "<mode>",
                    "Whether connections of --trusted-proxies begin with the PROXY protocol: off, on (all must, and no others"
                            + " come) or optional. Default: off.")
            .ofOurs();
    static final Flag REQUEST_ID = Flag.toggle(
                    "--request-id",
                    "Name each request in an X-Request-ID header: as a trusted peer has, else by a new name.")
            .ofOurs();
    static final Flag ACCESS_LOG = Flag.value(
                    "--access-log", "<file>", "Write a line about each request to a file, or to stdout. Default: none.")
            .ofOurs();
    static final Flag ACCESS_LOG_FORMAT = Flag.value(
                    "--access-log-format", "<format>", "Form of these lines: text or json. Default: text.")
            .ofOurs();

    static final Flag ACTIVITY = Flag.value(
                    "--activity",
                    "<side>",
                    "Whose bytes move a route's last_activity: client, as in CHP, or both, those of targets too as they come."
                            + " Default: client.")
            .ofOurs();
    static final Flag ACTIVITY_IGNORE = Flag.value(
                    "--activity-ignore",
                    "<paths>",
                    "Requests that do not move it: paths such as */api/status, where * stands for anything, or jupyter for what"
                            + " JupyterLab polls; separated by commas, or repeated. Default: none.")
            .ofOurs();

    /** Those whose values add up. */
    static final Set<Flag> REPEATABLE =
            Set.of(CUSTOM_HEADER, UPSTREAM_SOURCE_ADDRESS, TRUSTED_PROXIES, ACTIVITY_IGNORE);

    /** All of them, in the order of the help. */
    static final List<Flag> ALL = List.of(
            IP,
            PORT,
            SOCKET,
            SSL_KEY,
            SSL_CERT,
            SSL_CA,
            SSL_REQUEST_CERT,
            SSL_REJECT_UNAUTHORIZED,
            SSL_PROTOCOL,
            SSL_CIPHERS,
            SSL_ALLOW_RC4,
            SSL_DHPARAM,
            API_IP,
            API_PORT,
            API_SOCKET,
            API_SSL_KEY,
            API_SSL_CERT,
            API_SSL_CA,
            API_SSL_REQUEST_CERT,
            API_SSL_REJECT_UNAUTHORIZED,
            CLIENT_SSL_KEY,
            CLIENT_SSL_CERT,
            CLIENT_SSL_CA,
            CLIENT_SSL_REQUEST_CERT,
            CLIENT_SSL_REJECT_UNAUTHORIZED,
            DEFAULT_TARGET,
            ERROR_TARGET,
            ERROR_PATH,
            REDIRECT_PORT,
            REDIRECT_TO,
            PID_FILE,
            NO_X_FORWARD,
            NO_PREPEND_PATH,
            NO_INCLUDE_PREFIX,
            AUTO_REWRITE,
            CHANGE_ORIGIN,
            PROTOCOL_REWRITE,
            CUSTOM_HEADER,
            INSECURE,
            HOST_ROUTING,
            METRICS_IP,
            METRICS_PORT,
            METRICS_SOCKET,
            LOG_LEVEL,
            TIMEOUT,
            PROXY_TIMEOUT,
            STORAGE_BACKEND,
            KEEP_ALIVE_TIMEOUT,
            METRICS_ON_API,
            ERROR_FORMAT,
            STORE_PREFIX,
            REPLICA_ADDRESS,
            STATE_DIR,
            RESTORED_ROUTE_TTL,
            MAX_HEADER_SIZE,
            EVENT_LOOPS,
            MAX_UPSTREAM_CONNECTIONS,
            BREAKER_FAILURES,
            UPSTREAM_SOURCE_ADDRESS,
            REMOVED_ROUTE_TUNNEL_TIMEOUT,
            CONNECT_TIMEOUT,
            YOUNG_ROUTE_RETRY,
            UPGRADE_TIMEOUT,
            HEADER_TIMEOUT,
            TLS_TIMEOUT,
            QUEUE_TIMEOUT,
            STALL_TIMEOUT,
            TUNNEL_IDLE_TIMEOUT,
            HALF_CLOSE_TIMEOUT,
            LINGER_TIMEOUT,
            UPSTREAM_IDLE_TIMEOUT,
            DRAIN_DELAY,
            DRAIN_TIMEOUT,
            TCP_KEEPALIVE,
            TCP_USER_TIMEOUT,
            MAX_CONNECTIONS,
            MAX_BUFFERED_BYTES,
            BACKLOG,
            TRUSTED_PROXIES,
            FORWARDING,
            FORWARDED,
            PROXY_PROTOCOL,
            REQUEST_ID,
            ACCESS_LOG,
            ACCESS_LOG_FORMAT,
            ACTIVITY,
            ACTIVITY_IGNORE);

    private Flags() {}
}
