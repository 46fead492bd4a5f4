package org.joveproxy.metrics;

import java.util.List;

/**
 * Every series on a page, with type, labels and what it means. {@code docs/metrics.md} has its tables from here, which
 * {@code MetricsDocumentTest} sees to.
 *
 * <p>Immutable.
 */
final class MeterNames {
    // configurable-http-proxy's nine. Names, types and texts are the original's, so the counters have no "_total"
    // at their end.
    static final Series API_ROUTE_GET = Series.counter("api_route_get", "Count of API route get requests")
            .meaning("Listings of the whole route table by the REST API.");
    static final Series API_ROUTE_ADD = Series.counter("api_route_add", "Count of API route add requests")
            .meaning("Routes added or replaced by the REST API.");
    static final Series API_ROUTE_DELETE = Series.counter("api_route_delete", "Count of API route delete requests")
            .meaning("Requests to delete a route, of routes that did not exist too.");
    static final Series FIND_TARGET_FOR_REQ = Series.summary("find_target_for_req", "Summary of find target requests")
            .meaning("How long it took to find a request's route.");
    static final Series LAST_ACTIVITY_UPDATING = Series.summary(
                    "last_activity_updating", "Summary of last activity updating requests")
            .meaning("How long it took to note that a route was used.");
    static final Series REQUESTS_WS =
            Series.counter("requests_ws", "Count of websocket requests").meaning("Requests for a websocket.");
    static final Series REQUESTS_WEB = Series.counter("requests_web", "Count of web requests")
            .meaning("All other requests, health checks excepted.");
    static final Series REQUESTS_PROXY = Series.counter("requests_proxy", "Count of proxy requests", "status")
            .meaning("Answers to plain requests, from upstreams and from the proxy itself.");
    static final Series REQUESTS_API =
            Series.counter("requests_api", "Count of API requests", "status").meaning("Answers of the REST API.");
    // What the kernel knows of the process, in the original's words.
    static final Series PROCESS_CPU_USER = Series.counter(
                    "process_cpu_user_seconds_total", "Total user CPU time spent in seconds.")
            .meaning("CPU time in the proxy's own code.");
    static final Series PROCESS_CPU_SYSTEM = Series.counter(
                    "process_cpu_system_seconds_total", "Total system CPU time spent in seconds.")
            .meaning("CPU time in the kernel on behalf of the proxy.");
    static final Series PROCESS_CPU = Series.counter(
                    "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
            .meaning("Both together.");
    static final Series PROCESS_START_TIME = Series.gauge(
                    "process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
            .meaning("When the process began, in seconds since 1970.");
    static final Series PROCESS_RESIDENT_MEMORY = Series.gauge(
                    "process_resident_memory_bytes", "Resident memory size in bytes.")
            .meaning("Memory in RAM.");
    static final Series PROCESS_VIRTUAL_MEMORY = Series.gauge(
                    "process_virtual_memory_bytes", "Virtual memory size in bytes.")
            .meaning("Address space.");
    static final Series PROCESS_HEAP = Series.gauge("process_heap_bytes", "Process heap size in bytes.")
            .meaning("Private writable address space, most of it reserved by the JVM and never used; kept because the"
                    + " original has it. See `jvm_memory_used_bytes` for what is in use.");
    static final Series PROCESS_OPEN_FDS =
            Series.gauge("process_open_fds", "Number of open file descriptors.").meaning("Open file descriptors.");
    static final Series PROCESS_MAX_FDS = Series.gauge("process_max_fds", "Maximum number of open file descriptors.")
            .meaning("How many may be open; absent when there is no limit.");
    static final Series BUILD_INFO = Series.gauge(
            "jove_build_info",
            "Always 1: which version this is, on which Java, over which transport, with which TLS.",
            "jdk",
            "tls",
            "transport",
            "version");
    // What became of requests.
    static final Series HTTP_REQUESTS = Series.counter(
            "jove_http_requests_total",
            "Requests that are over, or the websockets that they opened, by how they ended.",
            "code",
            "ending",
            "kind",
            "origin",
            "reason");
    static final Series HTTP_REQUEST_DURATION = Series.histogram(
            "jove_http_request_duration_seconds",
            "From the head of a request until its end, by whom its route is for; without websockets that were opened.",
            "kind",
            "route_class");
    static final Series FIRST_BYTE = Series.histogram(
            "jove_time_to_first_byte_seconds", "From the head of a request until the head of the upstream's answer.");
    static final Series CONNECTION_WAIT = Series.histogram(
            "jove_upstream_connection_wait_seconds",
            "From the head of a request until there was a connection to its upstream.",
            "connection");
    static final Series WEBSOCKET_DURATION = Series.histogram(
            "jove_websocket_duration_seconds",
            "From the request for a websocket that was opened until both its sockets had closed.");
    static final Series UPSTREAM_ERRORS = Series.counter(
            "jove_upstream_errors_total", "Requests that failed because of their upstream, by what it did.", "reason");
    static final Series BODY_BYTES = Series.counter(
            "jove_http_body_bytes_total",
            "Bytes of bodies, and those through websockets, counted when a request or a websocket is over.",
            "direction",
            "kind");
    static final Series ERROR_PAGES = Series.counter(
            "jove_error_page_requests_total",
            "Times that the server for error pages was asked, or should have been.",
            "result");
    static final Series REQUESTS_HELD = Series.counter(
            "jove_requests_held_total",
            "Requests that were held since the server of a new route refused connections, by what came of that.",
            "result");
    static final Series ACTIVE_REQUESTS =
            Series.gauge("jove_active_requests", "Clients whose request has come and is not over.");
    static final Series ACTIVE_WEBSOCKETS = Series.gauge("jove_active_websockets", "Clients with an open websocket.");
    // The REST API.
    static final Series API_REQUESTS =
            Series.counter("jove_api_requests_total", "Answers of the REST API.", "code", "method");
    static final Series API_REQUEST_DURATION = Series.histogram(
            "jove_api_request_duration_seconds",
            "From the head of a request to the REST API until its answer was there.",
            "method");
    // Sockets.
    static final Series CONNECTIONS = Series.gauge(
            "jove_connections", "Sockets open now, by what they are for and what they are doing.", "phase", "role");
    static final Series CONNECTIONS_OPEN = Series.gauge("jove_connections_open", "Sockets open now.", "role");
    static final Series CONNECTIONS_OPENED =
            Series.counter("jove_connections_opened_total", "Sockets opened since the start.", "role");
    static final Series CONNECTIONS_CLOSED = Series.counter(
            "jove_connections_closed_total",
            "Sockets closed since the start, by who or what ended them.",
            "reason",
            "role");
    static final Series BYTES = Series.counter(
            "jove_bytes_total",
            "Bytes received from and given to sockets since the start, as they are on the wire: with TLS, encrypted.",
            "direction",
            "role");
    // How near the proxy is to what it may take.
    static final Series BOUND_USED =
            Series.gauge("jove_bound_used", "What is in use of that of which there may only be so much.", "bound");
    static final Series BOUND_LIMIT = Series.gauge("jove_bound_limit", "How much there may be in use.", "bound");
    static final Series BREAKERS_OPEN = Series.gauge(
            "jove_breakers_open", "Upstreams that are left alone now, since connecting to them has failed too often.");
    static final Series EVENT_LOOP_LAG = Series.histogram(
            "jove_event_loop_lag_seconds",
            "How late the regular task of each event loop came, ten times a second: so long nobody was heard there.");
    static final Series DIRECT_MEMORY_USED = Series.gauge(
            "jove_direct_memory_used_bytes", "Memory beside the heap that is in use, by whose book it is in.", "book");
    static final Series DIRECT_MEMORY_LIMIT = Series.gauge(
            "jove_direct_memory_limit_bytes",
            "How much memory beside the heap there may be in use, by whose book it is in.",
            "book");
    // Routes.
    static final Series ROUTES = Series.gauge("jove_routes", "Routes in the table.");
    static final Series ROUTES_BY_CLASS =
            Series.gauge("jove_routes_by_class", "Routes in the table, by whom they are for.", "route_class");
    static final Series ROUTES_CHANGED = Series.counter(
            "jove_routes_changed_total",
            "Changes of the table, whether they came by the REST API, from a store or from the command line.",
            "op");
    static final Series ROUTES_UNCONFIRMED = Series.gauge(
            "jove_routes_unconfirmed", "Routes that were restored and that the hub has not yet read and kept.");
    // Where routes are kept.
    static final Series STORE_WORKING =
            Series.gauge("jove_store_working", "Whether changes of routes are kept as they should be: 1 or 0.", "kind");
    static final Series STORE_CHANGES = Series.counter(
            "jove_store_changes_total", "Changes of routes since the start, by whether they were kept.", "result");
    static final Series STORE_DURATION = Series.summary(
            "jove_store_duration_seconds",
            "How long it took until changes of routes were kept; those that were kept together count once.");
    static final Series STORE_LAST_SUCCESS = Series.gauge(
            "jove_store_last_success_timestamp_seconds",
            "When a change of routes was last kept, in seconds since unix epoch.");
    // A store that replicas share.
    static final Series REPLICAS = Series.gauge(
            "jove_replicas", "Replicas that share the routes and were heard of lately, this one included.");
    static final Series REPLICA_LAG = Series.gauge(
            "jove_replica_lag", "Changes of routes that are known to exist and are not in force here yet.");
    static final Series REPLICAS_LATE = Series.counter(
            "jove_replicas_late_total",
            "Replicas that did not have a change of routes in force when it was answered, since the start.");
    static final Series SECOND_LOOKS = Series.counter(
            "jove_second_looks_total",
            "Times that a request's route was looked for in the shared store, as it may be missing here, by result.",
            "result");
    // The hub.
    static final Series HUB_LAST_CONTACT = Series.gauge(
            "jove_hub_last_contact_timestamp_seconds",
            "When the whole route table was last read with the token, in seconds since unix epoch.");
    static final Series HUB_CHECKS = Series.counter(
            "jove_hub_checks_total", "Times that the hub was asked to check its routes, by what came of it.", "result");
    // Certificates, tokens and passwords.
    static final Series TLS_NOT_AFTER = Series.gauge(
            "jove_tls_certificate_not_after_timestamp_seconds",
            "When the certificate that the proxy shows ends, in seconds since unix epoch; absent where it shows none.",
            "role");
    static final Series TLS_RELOADS = Series.counter(
            "jove_tls_reloads_total",
            "Times that TLS files with other contents were read again, by whether they could be used.",
            "result",
            "role");
    static final Series SECRET_RELOADS = Series.counter(
            "jove_secret_reloads_total",
            "Times that a token or password file with other contents was read again, by whether it could be used.",
            "result",
            "secret");

    /** A table of the document, which names it {@code id}. */
    record Table(String id, List<Series> series) {
        Table {
            series = List.copyOf(series);
        }
    }

    /** All of them, in the order of the document. */
    static final List<Table> TABLES = List.of(
            new Table(
                    "chp",
                    List.of(
                            API_ROUTE_GET,
                            API_ROUTE_ADD,
                            API_ROUTE_DELETE,
                            FIND_TARGET_FOR_REQ,
                            LAST_ACTIVITY_UPDATING,
                            REQUESTS_WS,
                            REQUESTS_WEB,
                            REQUESTS_PROXY,
                            REQUESTS_API)),
            new Table(
                    "process",
                    List.of(
                            PROCESS_CPU_USER,
                            PROCESS_CPU_SYSTEM,
                            PROCESS_CPU,
                            PROCESS_START_TIME,
                            PROCESS_RESIDENT_MEMORY,
                            PROCESS_VIRTUAL_MEMORY,
                            PROCESS_HEAP,
                            PROCESS_OPEN_FDS,
                            PROCESS_MAX_FDS,
                            BUILD_INFO)),
            new Table(
                    "requests",
                    List.of(
                            HTTP_REQUESTS,
                            HTTP_REQUEST_DURATION,
                            FIRST_BYTE,
                            CONNECTION_WAIT,
                            WEBSOCKET_DURATION,
                            UPSTREAM_ERRORS,
                            BODY_BYTES,
                            ERROR_PAGES,
                            REQUESTS_HELD,
                            ACTIVE_REQUESTS,
                            ACTIVE_WEBSOCKETS)),
            new Table("api", List.of(API_REQUESTS, API_REQUEST_DURATION)),
            new Table(
                    "connections",
                    List.of(CONNECTIONS, CONNECTIONS_OPEN, CONNECTIONS_OPENED, CONNECTIONS_CLOSED, BYTES)),
            new Table(
                    "bounds",
                    List.of(
                            BOUND_USED,
                            BOUND_LIMIT,
                            BREAKERS_OPEN,
                            EVENT_LOOP_LAG,
                            DIRECT_MEMORY_USED,
                            DIRECT_MEMORY_LIMIT)),
            new Table("routes", List.of(ROUTES, ROUTES_BY_CLASS, ROUTES_CHANGED, ROUTES_UNCONFIRMED)),
            new Table("store", List.of(STORE_WORKING, STORE_CHANGES, STORE_DURATION, STORE_LAST_SUCCESS)),
            new Table("replicas", List.of(REPLICAS, REPLICA_LAG, REPLICAS_LATE, SECOND_LOOKS)),
            new Table("hub", List.of(HUB_LAST_CONTACT, HUB_CHECKS)),
            new Table("files", List.of(TLS_NOT_AFTER, TLS_RELOADS, SECRET_RELOADS)),
            // Named and measured by Micrometer, which has texts of its own for the page.
            new Table(
                    "jvm",
                    List.of(
                            Series.gauge(
                                    "jvm_memory_used_bytes",
                                    "Memory in use, per pool of the heap and beside it.",
                                    "area",
                                    "id"),
                            Series.gauge(
                                    "jvm_memory_committed_bytes", "Memory that the JVM holds, per pool.", "area", "id"),
                            Series.gauge(
                                    "jvm_memory_max_bytes",
                                    "The most that the pool may hold; -1 when there is no limit.",
                                    "area",
                                    "id"),
                            Series.gauge("jvm_buffer_count_buffers", "Buffers outside the heap, per kind.", "id"),
                            Series.gauge("jvm_buffer_memory_used_bytes", "Memory that those take.", "id"),
                            Series.gauge("jvm_buffer_total_capacity_bytes", "What those can hold.", "id"),
                            Series.summary(
                                    "jvm_gc_pause_seconds",
                                    "Collections that stopped the proxy: how many and how long; absent before the"
                                            + " first.",
                                    "action",
                                    "cause",
                                    "gc"),
                            Series.gauge(
                                    "jvm_gc_pause_seconds_max",
                                    "The longest of late; absent before the first.",
                                    "action",
                                    "cause",
                                    "gc"),
                            Series.summary(
                                    "jvm_gc_concurrent_phase_time_seconds",
                                    "Collections beside the running proxy; only with a collector that works so.",
                                    "action",
                                    "cause",
                                    "gc"),
                            Series.gauge(
                                    "jvm_gc_concurrent_phase_time_seconds_max",
                                    "The longest of late; only with a collector that works so.",
                                    "action",
                                    "cause",
                                    "gc"),
                            Series.gauge("jvm_gc_live_data_size_bytes", "What the last full collection left."),
                            Series.gauge(
                                    "jvm_gc_max_data_size_bytes", "The most that the pool for old objects may hold."),
                            Series.counter("jvm_gc_memory_allocated_bytes_total", "Memory allocated."),
                            Series.counter(
                                    "jvm_gc_memory_promoted_bytes_total", "Memory that outlived the young pool."),
                            Series.gauge("jvm_threads_live_threads", "Threads."),
                            Series.gauge("jvm_threads_daemon_threads", "Threads that do not keep the process alive."),
                            Series.gauge("jvm_threads_peak_threads", "The most threads there ever were."),
                            Series.counter("jvm_threads_started_threads_total", "Threads ever started."),
                            Series.gauge("jvm_threads_states_threads", "Threads per state.", "state"))));

    private MeterNames() {}
}
