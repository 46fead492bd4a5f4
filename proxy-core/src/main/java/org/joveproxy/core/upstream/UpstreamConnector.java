package org.joveproxy.core.upstream;

import org.joveproxy.core.config.TimeoutConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.ConnectionLedger;
import org.joveproxy.core.threading.Transport;

/**
 * What it takes to open a socket to an upstream, the same for every event loop.
 *
 * <p>Any thread may call any method.
 *
 * @param maxHeaderBytes the largest head of a response
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
        int maxHeaderBytes) {}
