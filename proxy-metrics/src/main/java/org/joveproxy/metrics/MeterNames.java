package org.joveproxy.metrics;

/**
 * Every series that this module names itself, with type and help text. The {@code jvm_*} series are named by
 * Micrometer.
 *
 * <p>Immutable.
 */
final class MeterNames {
    // The nine series of configurable-http-proxy. Names, types and texts are the original's, so the counters have no
    // "_total" at their end.
    static final Series API_ROUTE_GET = Series.counter("api_route_get", "Count of API route get requests");
    static final Series API_ROUTE_ADD = Series.counter("api_route_add", "Count of API route add requests");
    static final Series API_ROUTE_DELETE = Series.counter("api_route_delete", "Count of API route delete requests");
    static final Series FIND_TARGET_FOR_REQ = Series.summary("find_target_for_req", "Summary of find target requests");
    static final Series LAST_ACTIVITY_UPDATING =
            Series.summary("last_activity_updating", "Summary of last activity updating requests");
    static final Series REQUESTS_WS = Series.counter("requests_ws", "Count of websocket requests");
    static final Series REQUESTS_WEB = Series.counter("requests_web", "Count of web requests");
    static final Series REQUESTS_PROXY = Series.counter("requests_proxy", "Count of proxy requests");
    static final Series REQUESTS_API = Series.counter("requests_api", "Count of API requests");

    static final Series PROCESS_CPU_USER =
            Series.counter("process_cpu_user_seconds_total", "Total user CPU time spent in seconds.");
    static final Series PROCESS_CPU_SYSTEM =
            Series.counter("process_cpu_system_seconds_total", "Total system CPU time spent in seconds.");
    static final Series PROCESS_CPU =
            Series.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
    static final Series PROCESS_START_TIME =
            Series.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
    static final Series PROCESS_RESIDENT_MEMORY =
            Series.gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
    static final Series PROCESS_VIRTUAL_MEMORY =
            Series.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
    static final Series PROCESS_HEAP = Series.gauge("process_heap_bytes", "Process heap size in bytes.");
    static final Series PROCESS_OPEN_FDS = Series.gauge("process_open_fds", "Number of open file descriptors.");
    static final Series PROCESS_MAX_FDS = Series.gauge("process_max_fds", "Maximum number of open file descriptors.");

    static final Series CONNECTIONS =
            Series.gauge("jove_connections", "Sockets open now, by what they are for and what they are doing.");
    static final Series CONNECTIONS_OPEN = Series.gauge("jove_connections_open", "Sockets open now.");
    static final Series CONNECTIONS_OPENED =
            Series.counter("jove_connections_opened_total", "Sockets opened since the start.");
    static final Series CONNECTIONS_CLOSED = Series.counter(
            "jove_connections_closed_total", "Sockets closed since the start, by who or what ended them.");
    static final Series BYTES = Series.counter(
            "jove_bytes_total", "Bytes received from and given to sockets since the start, as they are on the wire.");
    static final Series BOUND_USED =
            Series.gauge("jove_bound_used", "What is in use of that of which there may only be so much.");
    static final Series BOUND_LIMIT = Series.gauge("jove_bound_limit", "How much there may be in use.");
    static final Series BREAKERS_OPEN = Series.gauge(
            "jove_breakers_open", "Upstreams that are left alone now, since connecting to them has failed too often.");
    static final Series ROUTES = Series.gauge("jove_routes", "Routes in the table.");

    static final Series ROUTES_UNCONFIRMED = Series.gauge(
            "jove_routes_unconfirmed", "Routes that were restored and that the hub has not yet read and kept.");
    static final Series STORE_WORKING =
            Series.gauge("jove_store_working", "Whether changes of routes are kept as they should be: 1 or 0.");
    static final Series STORE_CHANGES =
            Series.counter("jove_store_changes_total", "Changes of routes since the start, by whether they were kept.");
    static final Series STORE_DURATION = Series.summary(
            "jove_store_duration_seconds", "Summary of how long it took until changes of routes were kept.");
    static final Series STORE_LAST_SUCCESS = Series.gauge(
            "jove_store_last_success_timestamp_seconds",
            "When a change of routes was last kept, in seconds since unix epoch.");
    static final Series REPLICAS = Series.gauge(
            "jove_replicas", "Replicas that share the routes and were heard of lately, this one included.");
    static final Series REPLICA_LAG = Series.gauge(
            "jove_replica_lag", "Changes of routes that are known to exist and are not in force here yet.");
    static final Series REPLICAS_LATE = Series.counter(
            "jove_replicas_late_total",
            "Replicas that did not have a change of routes in force when it was answered, since the start.");
    static final Series SECOND_LOOKS = Series.counter(
            "jove_second_looks_total",
            "Times that a request's route was looked for in the shared store, as it may be missing here, by result.");
    static final Series HUB_CHECKS = Series.counter(
            "jove_hub_checks_total", "Times that the hub was asked to check its routes, by what came of it.");
    static final Series HUB_LAST_CONTACT = Series.gauge(
            "jove_hub_last_contact_timestamp_seconds",
            "When the whole route table was last read with the token, in seconds since unix epoch.");

    static final Series TLS_NOT_AFTER = Series.gauge(
            "jove_tls_certificate_not_after_timestamp_seconds",
            "When the certificate that the proxy shows ends, in seconds since unix epoch.");
    static final Series TLS_RELOADS = Series.counter(
            "jove_tls_reloads_total",
            "Times that TLS files with other contents were read again, by whether they could be used.");
    static final Series SECRET_RELOADS = Series.counter(
            "jove_secret_reloads_total",
            "Times that a token or password file with other contents was read again, by whether it could be used.");

    /** The label that says which secret. */
    static final String SECRET = "secret";

    /** The label that says what came of something. */
    static final String RESULT = "result";

    /** The label that says what keeps the routes. */
    static final String KIND = "kind";

    /** The label of the two counters by status. */
    static final String STATUS = "status";

    /** The label that says what a socket is for. */
    static final String ROLE = "role";

    /** The label that says where a socket is in its life. */
    static final String PHASE = "phase";

    /** The label that says whether bytes came in or went out. */
    static final String DIRECTION = "direction";

    /** The label that says what is bounded. */
    static final String BOUND = "bound";

    /** The label that says why a socket was closed. */
    static final String REASON = "reason";

    private MeterNames() {}
}
