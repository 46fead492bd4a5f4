package org.joveproxy.core.upstream;

import io.netty.channel.ChannelOption;
import java.util.Map;
import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.lifecycle.Places;
import org.joveproxy.core.threading.Transport;

/**
 * What it takes to open a socket to an upstream, the same for every event loop.
 *
 * <p>Any thread may call any method.
 *
 * @param maxHeaderBytes the largest head of a response
 * @param tcpOptions the options of each TCP socket
 * @param sockets the places of the sockets to all upstreams together
 */
public record UpstreamConnector(
        Transport transport,
        NameService names,
        ConnectionLedger ledger,
        UpstreamTls tls,
        UpstreamBudgets budgets,
        Breakers breakers,
        SourceAddresses sources,
        TimeoutConfig timeouts,
        UpstreamConfig config,
        int maxHeaderBytes,
        Map<ChannelOption<?>, Object> tcpOptions,
        Places sockets) {}
