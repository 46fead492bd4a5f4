package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopBuffersTest {
    private final LoopLedger clock = new LoopLedger(new ConnectionLedger());
    private final LoopBuffers buffers = new LoopBuffers(clock, new BufferBudget(1_000), null);
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void closeChannels() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    /** A peer that takes none of {@code bytes}. */
    private Peer behindBy(int bytes, boolean isOnlyTheRest) {
        EmbeddedChannel channel = new DeafChannel();
        channels.add(channel);
        Peer peer = new Peer(isOnlyTheRest);
        channel.write(Unpooled.buffer().writeZero(bytes));
        buffers.flush(clock.open(channel, Role.UPSTREAM, Phase.TUNNEL), peer);
        return peer;
    }

    private void tick() {
        clock.tick(clock.now(), 1_000);
    }

    @Test
    void whatIsLeftMakesWayBeforeAnybodyIsRefused() {
        Peer left = behindBy(400, true);
        Peer needed = behindBy(300, false);

        tick();

        assertThat(left.isRelieved).isTrue();
        assertThat(needed.isRelieved).isFalse();
        assertThat(buffers.isSpent()).isFalse();
    }

    @Test
    void whatIsLeftMayWaitWhileThereIsMemory() {
        Peer left = behindBy(400, true);

        tick();

        assertThat(left.isRelieved).isFalse();
    }

    @Test
    void whoeverIsBehindHoldsBytesUntilTheyAreGone() {
        Peer unused = behindBy(1_100, false);
        assertThat(buffers.isSpent()).isTrue();

        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
        tick();

        assertThat(buffers.isSpent()).isFalse();
    }

    private static final class Peer implements LoopBuffers.StallListener {
        private final boolean isOnlyTheRest;
        private boolean isRelieved;

        Peer(boolean isOnlyTheRest) {
            this.isOnlyTheRest = isOnlyTheRest;
        }

        @Override
        public void stalled() {
            throw new AssertionError("no limit was set");
        }

        @Override
        public boolean isOnlyTheRest() {
            return isOnlyTheRest;
        }

        @Override
        public void relieve() {
            isRelieved = true;
        }
    }

    /** The kernel of a peer that takes nothing. */
    private static final class DeafChannel extends EmbeddedChannel {
        @Override
        protected void doWrite(ChannelOutboundBuffer unsent) {
            // What was flushed stays where it is.
        }
    }
}
