package org.joveproxy.store.shared;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.ThreadFactoryProvider;
import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.joveproxy.store.shared.StoreAddress.Host;
import org.joveproxy.store.shared.StoreAddress.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the store. None of them is opened again by itself: whoever follows the store has to find out what
 * was missed, so a lost connection is the end of a session.
 *
 * <p>Any thread may call any method.
 */
final class RedisClients implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    // With the older one Lettuce 7.5 makes one entry of all that were read from a stream.
    private static final ProtocolVersion PROTOCOL = ProtocolVersion.RESP3;
    // One for each connection of a session, so that many changes do not hold up the news of them.
    private static final int IO_THREADS = 2;
    private static final int CLOSE_LIMIT_MILLIS = 300;

    private final StoreAddress address;
    private final Supplier<@Nullable String> otherPassword;
    private final Supplier<@Nullable String> sentinelPassword;
    private final DefaultEventLoopGroupProvider loops;
    private final DefaultEventExecutorGroup callbacks;
    private final ClientResources resources;
    private final LastChannel lastChannel = new LastChannel();
    private final @Nullable RedisClient single;

    /** Connects to {@code address} with the password that {@code otherPassword} gives, or else with its own. */
    RedisClients(
            StoreAddress address,
            Supplier<@Nullable String> otherPassword,
            Supplier<@Nullable String> sentinelPassword) {
        this.address = address;
        this.otherPassword = otherPassword;
        this.sentinelPassword = sentinelPassword;
        this.loops =
                new DefaultEventLoopGroupProvider(IO_THREADS, (ThreadFactoryProvider) name -> threads("jove-store-io"));
        this.callbacks = new DefaultEventExecutorGroup(1, threads("jove-store-callbacks"));
        this.resources = ClientResources.builder()
                .eventLoopGroupProvider(loops)
                .eventExecutorGroup(callbacks)
                .threadFactoryProvider(name -> threads("jove-store-timer"))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
                .nettyCustomizer(lastChannel)
                .build();
        this.single = address.kind() == Kind.CLUSTER ? null : single();
    }

    private static ThreadFactory threads(String name) {
        return new DefaultThreadFactory(name, true);
    }

    /** Remembers the connection that was made last, which Lettuce does not show. */
    private static final class LastChannel implements NettyCustomizer {
        private volatile @Nullable Channel last;

        @Override
        public void afterChannelInitialized(Channel channel) {
            last = channel;
        }

        @Nullable
        SocketAddress local() {
            Channel channel = last;
            return channel == null ? null : channel.localAddress();
        }
    }

    private RedisClient single() {
        RedisClient client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(PROTOCOL)
                .socketOptions(socketOptions())
                .build());
        return client;
    }

    private static SocketOptions socketOptions() {
        return SocketOptions.builder().connectTimeout(CONNECT_LIMIT).build();
    }

    /** Opens a session. The future fails when the store cannot be reached or refuses us. */
    CompletableFuture<Session> connect() {
        RedisClient client = single;
        return client == null ? connectCluster() : connect(client);
    }

    private CompletableFuture<Session> connect(RedisClient client) {
        RedisURI uri = address.kind() == Kind.SENTINEL
                ? sentinels()
                : server(address.hosts().get(0));
        return open(client, uri)
                .thenCompose(feed -> open(client, uri)
                        .handle((commands, failure) -> {
                            if (failure != null) {
                                feed.closeAsync();
                                return CompletableFuture.<Session>failedFuture(failure);
                            }
                            return CompletableFuture.completedFuture(
                                    new Session(feed.async(), commands.async(), lastChannel.local(), () -> {
                                        feed.closeAsync();
                                        commands.closeAsync();
                                    }));
                        })
                        .thenCompose(session -> session));
    }

    private static CompletableFuture<StatefulRedisConnection<String, String>> open(RedisClient client, RedisURI uri) {
        return client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
    }

    private CompletableFuture<Session> connectCluster() {
        List<RedisURI> seeds = new ArrayList<>();
        address.hosts().forEach(host -> seeds.add(server(host)));
        // A client for each session: the nodes that it knows are those of this moment.
        RedisClusterClient client = RedisClusterClient.create(resources, seeds);
        client.setOptions(ClusterClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(PROTOCOL)
                .socketOptions(socketOptions())
                .build());
        CompletableFuture<Session> session = client.refreshPartitionsAsync()
                .toCompletableFuture()
                .thenCompose(known -> client.connectAsync(StringCodec.UTF8))
                .thenCompose(feed -> client.connectAsync(StringCodec.UTF8)
                        .thenApply(commands -> clusterSession(client, feed, commands)));
        session.whenComplete((opened, failure) -> {
            if (failure != null) {
                close(client);
            }
        });
        return session;
    }

    private Session clusterSession(
            RedisClusterClient client,
            StatefulRedisClusterConnection<String, String> feed,
            StatefulRedisClusterConnection<String, String> commands) {
        return new Session(feed.async(), commands.async(), lastChannel.local(), () -> close(client));
    }

    private static void close(RedisClusterClient client) {
        client.shutdownAsync(0, CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private RedisURI server(Host host) {
        return withCredentials(RedisURI.builder().withHost(host.name()).withPort(host.port()))
                .build();
    }

    private RedisURI sentinels() {
        RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(address.master());
        String ofSentinels = sentinelPassword.get();
        for (Host host : address.hosts()) {
            RedisURI.Builder sentinel = RedisURI.builder()
                    .withHost(host.name())
                    .withPort(host.port())
                    .withSsl(address.isTls())
                    .withTimeout(CONNECT_LIMIT);
            if (ofSentinels != null) {
                sentinel.withPassword(ofSentinels.toCharArray());
            }
            builder.withSentinel(sentinel.build());
        }
        return withCredentials(builder).build();
    }

    private RedisURI.Builder withCredentials(RedisURI.Builder builder) {
        builder.withSsl(address.isTls()).withDatabase(address.database()).withTimeout(CONNECT_LIMIT);
        String username = address.username();
        String other = otherPassword.get();
        String password = other == null ? address.password() : other;
        if (password != null && username != null) {
            builder.withAuthentication(username, password.toCharArray());
        } else if (password != null) {
            builder.withPassword(password.toCharArray());
        }
        return builder;
    }

    /** Closes every connection. */
    @Override
    public void close() {
        resources.shutdown(0, CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        loops.shutdown(0, CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        callbacks.shutdownGracefully(0, CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
