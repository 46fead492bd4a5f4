package org.joveproxy.loadtest.play;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The hub's work: it starts and stops servers, and keeps the proxy's routes as it wants them.
 *
 * <p>Order of things as in JupyterHub: a route is added when its server answers, and taken away before its server is
 * stopped; every so often the whole table is read and repaired. Confined to the play's loop.
 */
final class Hub implements HubSite.ProgressPages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STOPPING = Duration.ofMillis(300);
    private static final Duration NEXT_TRY = Duration.ofMillis(500);
    private static final int PING_SECONDS = 30;

    private final PlayLoop loop;
    private final Addresses addresses;
    private final RoutesClient routes;
    private final String ownTarget;
    private final SplittableRandom random;
    private final BooleanSupplier isAwake;
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, List<Visit>> followers = new HashMap<>();
    private int pings;
    private int repairs;
    private int failedPolls;
    private boolean isPolling;

    /** @param isAwake whether the hub does anything at all at the moment */
    Hub(
            PlayLoop loop,
            Addresses addresses,
            RoutesClient routes,
            String ownTarget,
            SplittableRandom random,
            BooleanSupplier isAwake) {
        this.loop = loop;
        this.isAwake = isAwake;
        this.addresses = addresses;
        this.routes = routes;
        this.ownTarget = ownTarget;
        this.random = random;
    }

    /** Puts the hub's own route in place, and reads the table every {@code interval} from then on. */
    void open(Duration interval) {
        routes.add("/", hubRoute(), added -> {});
        loop.every(interval, this::checkRoutes);
        loop.every(Duration.ofSeconds(1), this::pingSome);
    }

    /** Each server pings its websockets every 30 s, and not all of them at the same time. */
    private void pingSome() {
        pings++;
        int number = 0;
        for (Account account : accounts.values()) {
            UserServer server = account.server();
            if (server != null && number++ % PING_SECONDS == pings % PING_SECONDS) {
                server.ping();
            }
        }
    }

    private String hubRoute() {
        return "{\"hub\":true,\"target\":\"" + ownTarget + "\",\"jupyterhub\":true}";
    }

    Account account(String name) {
        return accounts.computeIfAbsent(name, Account::new);
    }

    Collection<Account> accounts() {
        return accounts.values();
    }

    /** How many routes the hub had to put back or take away although it had done so before. */
    int repairs() {
        return repairs;
    }

    /** How often the table could not be read. */
    int failedPolls() {
        return failedPolls;
    }

    // ---- servers come and go ----

    @Override
    public void begin(String user) {
        Account account = account(user);
        if (!account.is(Account.State.ABSENT)) {
            return;
        }
        account.become(Account.State.STARTING);
        loop.after(
                Duration.ofMillis(200 + random.nextInt(1000)),
                () -> UserServer.start(loop, addresses, server -> {
                    if (server == null) {
                        throw new IllegalStateException("no address left for the server of " + user);
                    }
                    account.has(server);
                    routes.add(
                            account.base(),
                            RoutesClient.server(user, "", server.target()),
                            added -> onAdded(account, added));
                }));
    }

    private void onAdded(Account account, boolean added) {
        if (added) {
            account.become(Account.State.READY);
        } else {
            stopServer(account, false);
            account.become(Account.State.ABSENT);
        }
        List<Visit> waiting = followers.remove(account.name());
        if (waiting != null) {
            waiting.forEach(visit -> tellEnd(visit, added));
        }
    }

    @Override
    public void follow(String user, Visit visit) {
        visit.beginEvents();
        visit.event("{\"progress\": 0, \"message\": \"Server requested\"}");
        Account account = account(user);
        if (account.is(Account.State.STARTING)) {
            visit.event("{\"progress\": 50, \"message\": \"Spawning server...\"}");
            followers.computeIfAbsent(user, unknown -> new ArrayList<>()).add(visit);
        } else {
            tellEnd(visit, account.is(Account.State.READY));
        }
    }

    private static void tellEnd(Visit visit, boolean isReady) {
        visit.event(
                isReady
                        ? "{\"progress\": 100, \"ready\": true, \"message\": \"Server ready\"}"
                        : "{\"progress\": 100, \"failed\": true, \"message\": \"Spawn failed\"}");
        visit.endEvents();
    }

    /** Stops a server as the idle culler does: first its route goes, then the server. */
    void cull(Account account) {
        if (account.is(Account.State.ABSENT)
                || account.is(Account.State.STARTING)
                || account.is(Account.State.STOPPING)) {
            return;
        }
        account.become(Account.State.STOPPING);
        routes.delete(
                account.base(),
                deleted -> loop.after(STOPPING, () -> {
                    stopServer(account, false);
                    account.become(Account.State.ABSENT);
                }));
    }

    /** Culls a server, and one that is just coming or going as soon as it has come. */
    void retire(Account account) {
        if (!account.is(Account.State.ABSENT)) {
            cull(account);
            loop.after(NEXT_TRY, () -> retire(account));
        }
    }

    private static void stopServer(Account account, boolean abruptly) {
        UserServer server = account.server();
        account.has(null);
        if (server != null) {
            server.close(abruptly);
        }
    }

    /** The kernel kills a server: its address refuses from now on, and its route stays until the hub notices. */
    void crash(Account account) {
        if (account.is(Account.State.READY)) {
            account.become(Account.State.CRASHED);
            stopServer(account, true);
        }
    }

    /** A server stops to answer but goes on to accept. */
    void freeze(Account account) {
        UserServer server = account.server();
        if (account.is(Account.State.READY) && server != null) {
            account.become(Account.State.STUCK);
            server.becomeStuck();
        }
    }

    // ---- the table ----

    /** Reads the table and repairs it, as JupyterHub's {@code check_routes} does. */
    void checkRoutes() {
        if (isPolling || !isAwake.getAsBoolean()) {
            return;
        }
        isPolling = true;
        Map<String, Integer> changesBefore = new HashMap<>();
        accounts.values().forEach(account -> changesBefore.put(account.base(), account.changes()));
        routes.readAll(json -> {
            isPolling = false;
            if (json == null) {
                failedPolls++;
                return;
            }
            try {
                repair(JSON.readTree(json), changesBefore);
            } catch (IOException e) {
                failedPolls++;
            }
        });
    }

    private void repair(JsonNode table, Map<String, Integer> changesBefore) {
        Set<String> wanted = new HashSet<>();
        for (Account account : accounts.values()) {
            UserServer server = account.server();
            Integer before = changesBefore.get(account.base());
            // What changes at this moment is nobody's fault and left alone.
            if (before == null
                    || before != account.changes()
                    || account.is(Account.State.STARTING)
                    || account.is(Account.State.STOPPING)) {
                wanted.add(account.base());
                continue;
            }
            boolean hasRoute = !account.is(Account.State.ABSENT);
            if (hasRoute) {
                wanted.add(account.base());
            }
            if (server != null
                    && !server.target()
                            .equals(table.path(account.base()).path("target").asText())) {
                repairs++;
                routes.add(account.base(), RoutesClient.server(account.name(), "", server.target()), added -> {});
            }
        }
        table.fieldNames().forEachRemaining(path -> {
            if (path.startsWith("/user/") && !path.startsWith("/user/named/") && !wanted.contains(path)) {
                repairs++;
                routes.delete(path, deleted -> {});
            }
        });
    }
}
