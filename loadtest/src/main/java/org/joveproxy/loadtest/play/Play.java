package org.joveproxy.loadtest.play;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A hub with its users and their servers around one proxy.
 *
 * <p>First the hub listens, then the proxy is started with {@link #hubUrl}, then {@link #open} tells where the proxy is.
 * {@link #start}, {@link #hubUrl}, {@link #loop} and {@link #close} may be called by any thread but the loop's; everything
 * else is confined to the play's loop.
 */
public final class Play implements AutoCloseable {
    /** The hub's port, and that of the users' servers. */
    public static final int HUB_PORT = 8081;

    /** The port at which every user's server listens, each at its own address. */
    public static final int SERVER_PORT = UserServer.PORT;

    private static final long SEED = 20_240_305;

    private final PlayLoop loop = new PlayLoop();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Addresses servers;
    private final Addresses users;
    private final Tally tally = new Tally();
    private final InetAddress hubAddress;
    private final List<Person> people = new ArrayList<>();
    private final HubSite site;
    private @Nullable StandIn hubListener;
    private @Nullable Hub hub;
    private @Nullable RoutesClient routes;
    private @Nullable Network toProxy;
    private int openWebSockets;
    private int invited;

    private Play(int number) {
        servers = new Addresses(10 + 2 * number);
        users = new Addresses(11 + 2 * number);
        hubAddress = servers.next();
        site = new HubSite(loop, new HubSite.ProgressPages() {
            @Override
            public void follow(String user, Visit visit) {
                hub().follow(user, visit);
            }

            @Override
            public void begin(String user) {
                hub().begin(user);
            }
        });
    }

    /** Lets the hub listen. Plays in other processes of this machine are out of the way as far as can be known. */
    public static Play start() throws IOException {
        Play play = new Play((int) (ProcessHandle.current().pid() % 100));
        CompletableFuture<StandIn> bound = new CompletableFuture<>();
        play.loop.run(() -> StandIn.listen(
                play.loop, new InetSocketAddress(play.hubAddress, HUB_PORT), play.site, (listener, trouble) -> {
                    if (listener != null) {
                        bound.complete(listener);
                    } else {
                        bound.completeExceptionally(Objects.requireNonNull(trouble));
                    }
                }));
        try {
            play.hubListener = bound.join();
            return play;
        } catch (CompletionException e) {
            play.close();
            throw new IOException("the hub cannot listen at " + play.hubUrl() + ": " + e.getCause(), e);
        }
    }

    /** The hub, for the proxy's flags. */
    public String hubUrl() {
        return "http://" + hubAddress.getHostAddress() + ":" + HUB_PORT;
    }

    /** The loop, for scripts. */
    public PlayLoop loop() {
        return loop;
    }

    /** Tells where the proxy is; the hub puts its route in place and begins to look after the table. */
    public void open(int publicPort, int apiPort, String token, Duration checkEvery) {
        InetAddress proxy = InetAddress.getLoopbackAddress();
        toProxy = new Network(loop, new InetSocketAddress(proxy, publicPort));
        routes = new RoutesClient(new Network(loop, new InetSocketAddress(proxy, apiPort)), hubAddress, token, tally);
        hub = new Hub(loop, servers, routes, hubUrl(), random.split(), () -> !site.isHung());
        hub.open(checkEvery);
    }

    Network toProxy() {
        return Objects.requireNonNull(toProxy, "open comes first");
    }

    Hub hub() {
        return Objects.requireNonNull(hub, "open comes first");
    }

    RoutesClient routes() {
        return Objects.requireNonNull(routes, "open comes first");
    }

    HubSite site() {
        return site;
    }

    Addresses servers() {
        return servers;
    }

    Addresses users() {
        return users;
    }

    SplittableRandom random() {
        return random;
    }

    /** The books. */
    public Tally tally() {
        return tally;
    }

    Truth truth(Account account) {
        return new Truth(account.state(), account.changes(), site.isHung(), site.hangChanges());
    }

    /** Everybody who is or will be here. */
    List<Person> people() {
        return people;
    }

    /** Forgets everybody who has left. */
    void forgetPeople() {
        people.clear();
    }

    /** One more user, who is still at home. */
    Person invite(Habits habits) {
        Account account = hub().account("u" + invited++);
        Person person = new Person(this, account, habits, users.next(), random.split());
        people.add(person);
        return person;
    }

    void webSocketOpened() {
        openWebSockets++;
    }

    void webSocketClosed() {
        openWebSockets--;
    }

    /** Websockets of users that are open now. */
    public int openWebSockets() {
        return openWebSockets;
    }

    /** Ends everything that the play has, on both sides of the proxy. */
    @Override
    public void close() {
        loop.run(() -> {
            people.forEach(person -> person.leave(true));
            if (routes != null) {
                routes.leave();
            }
            if (hub != null) {
                hub.accounts().forEach(account -> {
                    UserServer server = account.server();
                    if (server != null) {
                        server.close(true);
                    }
                });
            }
            if (hubListener != null) {
                hubListener.close(true);
            }
        });
        loop.close();
    }
}
