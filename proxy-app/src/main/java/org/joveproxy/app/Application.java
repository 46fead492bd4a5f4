package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.joveproxy.api.AdminConfig;
import org.joveproxy.api.AdminServer;
import org.joveproxy.api.MetricsAccess;
import org.joveproxy.api.ProxyFacts;
import org.joveproxy.core.CutOff;
import org.joveproxy.core.ReverseProxy;
import org.joveproxy.core.accept.Listener;
import org.joveproxy.core.config.HubConfig;
import org.joveproxy.core.config.ListenAddress;
import org.joveproxy.core.config.RedirectConfig;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.hub.HubCheck;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.observe.Reloadable;
import org.joveproxy.core.routing.RestoredRoutes;
import org.joveproxy.core.routing.RouteStore;
import org.joveproxy.core.routing.RouteTable;
import org.joveproxy.core.routing.Target;
import org.joveproxy.core.threading.EventLoops;
import org.joveproxy.core.threading.Transport;
import org.joveproxy.core.tls.ListenerTls;
import org.joveproxy.core.tls.ListenerTlsConfig;
import org.joveproxy.core.tls.TlsConfigException;
import org.joveproxy.core.tls.UpstreamTls;
import org.joveproxy.core.tls.UpstreamTlsConfig;
import org.joveproxy.metrics.MetricsObserver;
import org.joveproxy.metrics.MetricsPage;
import org.joveproxy.metrics.MetricsRenderer;
import org.joveproxy.metrics.MetricsServer;
import org.joveproxy.metrics.PageFormat;
import org.joveproxy.metrics.RouteCounts;
import org.joveproxy.store.shared.SharedStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running proxy: makes all parts, binds every listener, and only then serves on any of them.
 *
 * <p>Any thread may call any method except an event loop's.
 */
final class Application implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Application.class);

    private static final int ADMIN_BACKLOG = 512;
    private static final Duration DRAIN_SPARE = Duration.ofMillis(500);
    private static final Duration ADMIN_FIRST_REQUEST = Duration.ofSeconds(60);

    private final long startedMillis = System.currentTimeMillis();
    private final Settings settings;
    private final RouteTable routes = new RouteTable();
    private final RouteCounts routeCounts = new RouteCounts();
    private final ConnectionLedger ledger = new ConnectionLedger();
    private final List<WatchedFiles> watched = new ArrayList<>();
    private final List<MetricsPage.Certificate> certificates = new ArrayList<>();

    // What was opened, to be closed in the opposite order; also when the start fails half-way.
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final ProxyObserver observer;
    private final @Nullable AccessLog accessLog;
    private final RouteStore store;
    private final RestoredRoutes restored;
    private final ReverseProxy proxy;
    private final AdminServer api;
    private final @Nullable MetricsRenderer renderer;
    private final @Nullable MetricsServer metrics;
    private final HttpsTargets httpsTargets;
    private final @Nullable HubCheck hubCheck;
    private final @Nullable PidFile pidFile;
    private final FileWatch fileWatch;

    private Application(Settings settings) throws IOException, TlsConfigException {
        this.settings = settings;
        try {
            // Keys are read first: a wrong one is the most likely mistake, and costs nothing to find.
            ListenerTls publicTls = tls(Reloadable.CLIENT_TLS, settings.publicTls());
            ListenerTls apiTls = tls(Reloadable.API_TLS, settings.api().tls());
            httpsTargets = httpsTargets(settings.upstreamTls());
            routes.addListener(httpsTargets);
            MetricsObserver counters = settings.hasMetrics() ? new MetricsObserver() : null;
            observer = counters == null ? ProxyObserver.none() : counters;
            if (counters != null) {
                routes.addListener(routeCounts);
            }
            accessLog = settings.accessLog() == null ? null : keep(AccessLog.open(settings.accessLog()));
            // Routes may be restored while all the rest is made.
            store = keep(Stores.open(settings, routes, observer, System::currentTimeMillis));
            EventLoops loops =
                    keep(EventLoops.start(Transport.best(), settings.proxy().eventLoops()));
            restored =
                    new RestoredRoutes(routes, store, settings.store().restoredRouteLimit(), System::currentTimeMillis);
            proxy = keep(ReverseProxy.bind(
                    settings.proxy(),
                    new ReverseProxy.Parts(
                            loops, routes, store, ledger, observer, publicTls, httpsTargets, accessLog)));
            closeSooner(store);
            hubCheck = hubCheck(settings.hub());
            renderer = counters == null ? null : renderer(counters);
            api = keep(bindApi(loops, apiTls, renderer));
            metrics = renderer == null ? null : bindMetrics(loops, renderer);
            keep(MemoryReturn.start(ledger::openCount));
            watchSecrets(hubCheck);
            fileWatch = keep(FileWatch.start(watched, observer, FileWatch.PACE));
            Stores.awaitRoutes(store);
            keep(restored.lookAfterThemOn(loops.admin()));
            pidFile = settings.pidFile() == null ? null : keep(PidFile.write(settings.pidFile()));
        } catch (IOException | TlsConfigException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Starts the proxy. When this returns, every listener accepts.
     *
     * @throws IOException when an address cannot be bound or the pid file not written; nothing was served then
     * @throws TlsConfigException when a key or certificate cannot be used; nothing was served then
     */
    static Application start(Settings settings) throws IOException, TlsConfigException {
        Application application = new Application(settings);
        application.serve();
        return application;
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    /** What is not kept yet takes less time than all the sockets of the traffic, and is worth more. */
    private void closeSooner(AutoCloseable resource) {
        opened.remove(resource);
        opened.push(resource);
    }

    private @Nullable HubCheck hubCheck(@Nullable HubConfig hub) {
        return hub == null ? null : keep(proxy.hubCheck(hub, HubCheck.Pace.DEFAULT, restored::tableReadMillis));
    }

    // ---- what is read from files, now and later ----

    private @Nullable ListenerTls tls(Reloadable what, @Nullable ListenerTlsConfig config) throws TlsConfigException {
        if (config == null) {
            return null;
        }
        FileContents before = FileContents.of(config.files().all());
        ListenerTls tls = keep(ListenerTls.load(config));
        tls.warnings().forEach(logger::warn);
        watched.add(new WatchedFiles(
                what, config.files().all(), before, () -> taken(tls::reload, tls::warnings, tls::summary)));
        certificates.add(new MetricsPage.Certificate(what, () -> tls.expiresAt().toEpochMilli()));
        return tls;
    }

    private HttpsTargets httpsTargets(UpstreamTlsConfig config) throws TlsConfigException {
        List<Path> files = config.files().all();
        FileContents before = FileContents.of(files);
        HttpsTargets targets = HttpsTargets.of(config);
        if (!files.isEmpty()) {
            UpstreamTls tls = targets.current();
            watched.add(new WatchedFiles(
                    Reloadable.UPSTREAM_TLS, files, before, () -> taken(tls::reload, tls::warnings, tls::summary)));
            if (tls.expiresAt() != null) {
                certificates.add(new MetricsPage.Certificate(
                        Reloadable.UPSTREAM_TLS,
                        () -> Objects.requireNonNull(tls.expiresAt()).toEpochMilli()));
            }
        }
        return targets;
    }

    /** Reads TLS files again. */
    @FunctionalInterface
    private interface TlsReload {
        void reload() throws TlsConfigException;
    }

    private static String taken(TlsReload tls, Supplier<List<String>> warnings, Supplier<String> summary)
            throws RefusedException {
        try {
            tls.reload();
        } catch (TlsConfigException e) {
            throw new RefusedException(String.valueOf(e.getMessage()), e);
        }
        warnings.get().forEach(logger::warn);
        return summary.get();
    }

    private void watchSecrets(@Nullable HubCheck hub) {
        for (Secret secret : settings.credentials()) {
            WatchedFiles files = secret.watched();
            if (files != null && files.what() == Reloadable.HUB_TOKEN && hub != null) {
                watched.add(files.andThen(hub::tokenChanged));
            } else if (files != null) {
                watched.add(files);
            }
        }
    }

    /** Reads what has changed of keys, certificates, tokens and passwords in files, and does not wait for it. */
    void readFilesAgain() {
        fileWatch.lookNow();
        if (accessLog != null) {
            accessLog.reopen();
        }
    }

    private AdminServer bindApi(EventLoops loops, @Nullable ListenerTls tls, @Nullable MetricsRenderer pages)
            throws IOException {
        AdminConfig config = new AdminConfig(
                settings.api().address(),
                settings.api().token()::values,
                settings.proxy().hostRouting(),
                metricsAccess(settings.api().metricsToken(), pages));
        return AdminServer.bind(
                config,
                adminSetup(loops, Role.API, tls),
                new AdminServer.Routing(routes, store, restored),
                observer,
                System::currentTimeMillis,
                LogSetup.level(),
                new ProxyFacts(Version.text(), startedMillis, settings.proxy().eventLoops(), proxy));
    }

    private static @Nullable MetricsAccess metricsAccess(@Nullable Secret token, @Nullable MetricsRenderer pages) {
        if (token == null || pages == null) {
            return null;
        }
        return new MetricsAccess(token::values, accept -> {
            PageFormat format = PageFormat.accepted(accept);
            return pages.render(format).thenApply(text -> new MetricsAccess.Page(format.contentType(), text));
        });
    }

    private MetricsRenderer renderer(MetricsObserver counters) {
        boolean isTls = settings.publicTls() != null || settings.api().tls() != null;
        MetricsPage.Build build = new MetricsPage.Build(
                Version.number(),
                Transport.best().name().toLowerCase(Locale.ROOT),
                isTls ? ListenerTls.preferredImplementation() : "none");
        MetricsPage page = keep(new MetricsPage(
                counters,
                new MetricsPage.Sources(
                        build, ledger, proxy, routes::size, routeCounts, store, restored, sharing(), certificates)));
        return keep(new MetricsRenderer(page::render));
    }

    private @Nullable MetricsServer bindMetrics(EventLoops loops, MetricsRenderer pages) throws IOException {
        ListenAddress address = settings.metricsAddress();
        if (address == null) {
            return null;
        }
        return keep(MetricsServer.bind(address, adminSetup(loops, Role.METRICS, null), pages));
    }

    private MetricsPage.@Nullable Sharing sharing() {
        return store instanceof SharedStore shared ? new MetricsPage.Sharing(shared::replicaCount, shared::lag) : null;
    }

    private Listener.Setup adminSetup(EventLoops loops, Role role, @Nullable ListenerTls tls) {
        return new Listener.Setup(
                loops.transport(),
                loops.admin(),
                loops.admin(),
                ledger,
                role,
                tls,
                settings.proxy().tcp(),
                ADMIN_BACKLOG,
                settings.proxy().timeouts().tlsHandshake(),
                ADMIN_FIRST_REQUEST,
                null,
                null);
    }

    // ---- life ----

    private void serve() {
        Stores.join(store, proxy.port(), settings.publicTls() != null);
        proxy.startAccepting();
        api.startAccepting();
        if (metrics != null) {
            metrics.startAccepting();
        }
        if (renderer != null) {
            renderer.rehearse();
        }
        tellTheOperator();
        if (hubCheck != null) {
            hubCheck.ask("the proxy has started");
        }
    }

    private void tellTheOperator() {
        for (Settings.Notice notice : settings.notices()) {
            logger.atLevel(notice.level()).log(notice.text());
        }
        Target target = settings.defaultTarget();
        if (target != null) {
            logger.info("Adding route / -> {}", target);
            logger.info("Route added / -> {}", target);
        }
        if (restored.unconfirmed() > 0) {
            logger.info(
                    "Restored {} routes from {}; they serve, and are unconfirmed until the hub has read and kept them",
                    restored.unconfirmed(),
                    settings.store().directory());
        }
        logger.info(
                "Proxying {} to {}",
                url(settings.publicTls() != null, settings.proxy().publicAddress(), proxy.port()),
                target == null ? "(no default)" : target);
        logger.info(
                "Proxy API at {}/api/routes",
                url(settings.api().tls() != null, settings.api().address(), api.port()));
        ListenAddress metricsAddress = settings.metricsAddress();
        if (metrics != null && metricsAddress != null) {
            logger.info("Serve metrics at {}/metrics", url(false, metricsAddress, metrics.port()));
        }
        if (settings.api().metricsToken() != null) {
            logger.info(
                    "Serve metrics at {}/metrics",
                    url(settings.api().tls() != null, settings.api().address(), api.port()));
        }
        if (settings.pidFile() != null) {
            logger.info("Writing pid {} to {}", ProcessHandle.current().pid(), settings.pidFile());
        }
        RedirectConfig redirect = settings.proxy().redirect();
        if (redirect != null) {
            proxy.redirectPort()
                    .ifPresent(port ->
                            logger.info("Added HTTP to HTTPS redirection from {} to {}", port, redirect.httpsPort()));
        }
    }

    private static String url(boolean isTls, ListenAddress address, int port) {
        ListenAddress bound = address.socket() == null ? ListenAddress.tcp(address.host(), port) : address;
        return (isTls ? "https://" : "http://") + bound;
    }

    /** The ports that were bound, in the order proxy, REST API, metrics; 0 stands for a unix socket. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>(List.of(proxy.port(), api.port()));
        if (metrics != null) {
            ports.add(metrics.port());
        }
        return ports;
    }

    /**
     * Serves on for the drain delay, then accepts nobody and lets requests in hand finish for as long as the drain time
     * allows. Returns whether somebody has asked for that and all was finished.
     */
    boolean drain() {
        TimeoutConfig timeouts = settings.proxy().timeouts();
        Duration delay = timeouts.drainDelay() == null ? Duration.ZERO : timeouts.drainDelay();
        if (!delay.isZero()) {
            logger.info(
                    "Serving on for {} ms; then requests in hand have {} ms",
                    delay.toMillis(),
                    timeouts.drain().toMillis());
        }
        try {
            Duration limit = delay.plus(timeouts.drain()).plus(DRAIN_SPARE);
            return isWhole(proxy.drain().get(limit.toMillis(), TimeUnit.MILLISECONDS)) && settings.isDrainAskedFor();
        } catch (Exception e) {
            logger.warn("Requests in hand were cut off: {}", e.toString());
            return false;
        }
    }

    private static boolean isWhole(CutOff cutOff) {
        if (cutOff.equals(CutOff.NOTHING)) {
            return true;
        }
        logger.warn(
                "Cut off {} requests and {} websockets that did not end in time",
                cutOff.requests(),
                cutOff.websockets());
        return false;
    }

    /** Removes the pid file without closing anything else. */
    void removePidFile() {
        if (pidFile != null) {
            pidFile.close();
        }
    }

    /** Closes everything, once; open connections with it. */
    @Override
    public void close() {
        for (AutoCloseable each = poll(); each != null; each = poll()) {
            try {
                each.close();
            } catch (Exception e) {
                logger.warn("While stopping: {}", e.toString());
            }
        }
    }

    private @Nullable AutoCloseable poll() {
        synchronized (opened) {
            return opened.poll();
        }
    }
}
