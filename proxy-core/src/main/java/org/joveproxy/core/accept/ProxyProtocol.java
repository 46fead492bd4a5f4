package org.joveproxy.core.accept;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ProtocolDetectionState;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.joveproxy.core.config.ProxyProtocolMode;
import org.joveproxy.core.config.TrustedPeers;
import org.joveproxy.core.failure.RepeatLog;
import org.joveproxy.core.lifecycle.CloseReason;
import org.joveproxy.core.lifecycle.LedgerEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads who a connection is from where a balancer says it in front of everything else, by the PROXY protocol of version 1
 * or 2.
 *
 * <p>Only trusted peers may say it. Immutable; any thread may call any method.
 *
 * @param mode not {@code OFF}
 * @param repeats has the lines about connections that did not begin as they must
 */
public record ProxyProtocol(ProxyProtocolMode mode, TrustedPeers trusted, RepeatLog repeats) {
    private static final Logger logger = LoggerFactory.getLogger(ProxyProtocol.class);

    /**
     * Has {@code rest} build the rest of the pipeline of an accepted connection, when it is known for whom. Closes the
     * connection when it does not begin as it must.
     */
    void begin(LedgerEntry entry, Runnable rest) {
        Channel channel = entry.channel();
        InetAddress peer = channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (trusted.contains(peer)) {
            boolean isOptional = mode == ProxyProtocolMode.OPTIONAL;
            channel.pipeline().addLast(isOptional ? new Detector(this, entry, rest) : new HAProxyMessageDecoder());
            if (!isOptional) {
                channel.pipeline().addLast(new Reader(this, entry, rest));
            }
        } else if (mode == ProxyProtocolMode.OPTIONAL) {
            rest.run();
        } else {
            refuse(entry, "its address is none of --trusted-proxies");
        }
    }

    private void refuse(LedgerEntry entry, String why) {
        String peer = entry.channel().remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : TrustedPeers.UNIX;
        if (repeats.isWorthALine("connections without the PROXY protocol from " + peer)) {
            logger.warn("Closed a connection from {}, which has to begin with the PROXY protocol: {}", peer, why);
        }
        entry.close(CloseReason.PROTOCOL_ERROR);
    }

    /** Looks whether the connection begins so; if not, it is one like any other. */
    private static final class Detector extends ByteToMessageDecoder {
        private final ProxyProtocol rules;
        private final LedgerEntry entry;
        private final Runnable rest;

        Detector(ProxyProtocol rules, LedgerEntry entry, Runnable rest) {
            this.rules = rules;
            this.entry = entry;
            this.rest = rest;
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            ProtocolDetectionState state = detect(in);
            if (state == ProtocolDetectionState.NEEDS_MORE_DATA) {
                return;
            }
            if (state == ProtocolDetectionState.DETECTED) {
                ctx.pipeline().addLast(new HAProxyMessageDecoder(), new Reader(rules, entry, rest));
            } else {
                rest.run();
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            entry.close(CloseReason.PEER);
        }

        private static ProtocolDetectionState detect(ByteBuf in) {
            ProtocolDetectionState state =
                    HAProxyMessageDecoder.detectProtocol(in).state();
            // It waits for twelve bytes; most connections that do not begin so can be told by the first.
            boolean canBegin =
                    in.isReadable() && (in.getByte(in.readerIndex()) == 'P' || in.getByte(in.readerIndex()) == '\r');
            return state == ProtocolDetectionState.NEEDS_MORE_DATA && !canBegin && in.isReadable()
                    ? ProtocolDetectionState.INVALID
                    : state;
        }
    }

    /** Takes the one message of the decoder before it. */
    private static final class Reader extends ChannelInboundHandlerAdapter {
        private final ProxyProtocol rules;
        private final LedgerEntry entry;
        private final Runnable rest;

        Reader(ProxyProtocol rules, LedgerEntry entry, Runnable rest) {
            this.rules = rules;
            this.entry = entry;
            this.rest = rest;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof HAProxyMessage said)) {
                ctx.fireChannelRead(message);
                return;
            }
            try {
                note(said);
            } finally {
                said.release();
            }
            ctx.pipeline().remove(this);
            rest.run();
        }

        /** What a balancer says on its own behalf, to see whether we are well, is about itself. */
        private void note(HAProxyMessage said) {
            if (said.command() == HAProxyCommand.LOCAL) {
                return;
            }
            boolean isTls =
                    said.tlvs().stream().anyMatch(tlv -> tlv instanceof HAProxySSLTLV ssl && ssl.isPP2ClientSSL());
            InetAddress source = said.proxiedProtocol().transportProtocol() == TransportProtocol.STREAM
                    ? address(said.sourceAddress())
                    : null;
            if (source != null) {
                entry.comesFrom(new InetSocketAddress(source, said.sourcePort()), isTls);
            } else if (isTls && entry.channel().remoteAddress() instanceof InetSocketAddress peer) {
                entry.comesFrom(peer, true);
            }
        }

        private static @Nullable InetAddress address(@Nullable String text) {
            return text == null ? null : TrustedPeers.address(text);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof java.io.IOException) {
                entry.close(CloseReason.PEER);
            } else {
                rules.refuse(entry, "it does not");
            }
        }
    }
}
