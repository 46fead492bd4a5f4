package org.joveproxy.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerSurveyTest {
    private final ConnectionLedger book = new ConnectionLedger();
    private final LoopLedger ledger = new LoopLedger(book);

    private LedgerEntry open(Role role, Phase phase) {
        return ledger.open(new EmbeddedChannel(), role, phase);
    }

    private LedgerEntry openFrom(String address, int port) throws Exception {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName(address), port);
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return peer;
            }
        };
        return ledger.open(channel, Role.CLIENT, Phase.IDLE);
    }

    private LedgerSurvey list(ConnectionFilter filter) {
        return ledger.survey(LedgerQuery.list(filter, 100));
    }

    private List<Long> ids(ConnectionFilter filter) {
        return list(filter).connections().stream().map(ConnectionView::id).toList();
    }

    private static ConnectionFilter route(String path) {
        return new ConnectionFilter(null, null, path, null, 0, null, null, 0);
    }

    private static ConnectionFilter target(String origin) {
        return new ConnectionFilter(null, null, null, null, 0, origin, null, 0);
    }

    private static ConnectionFilter peer(String address, int port) throws Exception {
        return new ConnectionFilter(null, null, null, InetAddress.getByName(address), port, null, null, 0);
    }

    private static void assertBalanced(LedgerTotals totals) {
        for (Role role : Role.values()) {
            assertThat(totals.opened(role)).isEqualTo(totals.closed(role) + totals.open(role));
        }
    }

    // ---- one socket

    @Test
    void aSocketIsListedWithAllThatIsKnownOfIt() {
        LedgerEntry client = open(Role.CLIENT, Phase.REQUEST_HEAD);
        LedgerEntry upstream = open(Role.UPSTREAM, Phase.CONNECTING);
        client.carries(Purpose.WEBSOCKET, "/user/ada");
        client.enter(Phase.TUNNEL, null);
        upstream.leadsTo("http://127.0.0.1:9001");
        upstream.enter(Phase.AWAITING_RESPONSE, Duration.ofSeconds(10));
        client.pairWith(upstream);

        List<ConnectionView> listed = list(ConnectionFilter.all()).connections();

        ConnectionView first = listed.get(0);
        assertThat(first.role()).isEqualTo(Role.CLIENT);
        assertThat(first.phase()).isEqualTo(Phase.TUNNEL);
        assertThat(first.purpose()).isEqualTo(Purpose.WEBSOCKET);
        assertThat(first.route()).isEqualTo("/user/ada");
        assertThat(first.target()).isEqualTo("http://127.0.0.1:9001");
        assertThat(first.timeLeft()).isNull();
        assertThat(first.partner()).isEqualTo(listed.get(1).id());
        assertThat(first.isTls()).isFalse();
        assertThat(first.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        ConnectionView second = listed.get(1);
        assertThat(second.purpose()).isEqualTo(Purpose.WEBSOCKET);
        assertThat(second.route()).isEqualTo("/user/ada");
        assertThat(second.partner()).isEqualTo(first.id());
        assertThat(second.timeLeft()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
    }

    @Test
    void bytesAreCountedPerSocketAndPerRole() {
        LedgerEntry client = open(Role.CLIENT, Phase.IDLE);
        EmbeddedChannel channel = (EmbeddedChannel) client.channel();

        channel.writeInbound(Unpooled.wrappedBuffer(new byte[70]));
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[900]));
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[99]));

        ConnectionView listed = list(ConnectionFilter.all()).connections().get(0);
        assertThat(listed.bytesIn()).isEqualTo(70);
        assertThat(listed.bytesOut()).isEqualTo(999);
        client.close(CloseReason.COMPLETE);
        assertThat(book.totals().bytesIn(Role.CLIENT)).isEqualTo(70);
        assertThat(book.totals().bytesOut(Role.CLIENT)).isEqualTo(999);
        assertThat(book.totals().bytesOut(Role.UPSTREAM)).isZero();
        channel.inboundMessages().forEach(message -> ((ByteBuf) message).release());
        channel.outboundMessages().forEach(message -> ((ByteBuf) message).release());
    }

    @Test
    void whoHasAnotherPartnerLeavesTheOneBefore() {
        LedgerEntry one = open(Role.CLIENT, Phase.IDLE);
        LedgerEntry two = open(Role.CLIENT, Phase.IDLE);
        LedgerEntry upstream = open(Role.UPSTREAM, Phase.IDLE);

        one.pairWith(upstream);
        two.pairWith(upstream);

        assertThat(one.partner()).isNull();
        assertThat(upstream.partner()).isSameAs(two);
        two.unpair();
        assertThat(upstream.partner()).isNull();
    }

    @Test
    void aSocketThatClosesLeavesItsPartner() {
        LedgerEntry client = open(Role.CLIENT, Phase.TUNNEL);
        LedgerEntry upstream = open(Role.UPSTREAM, Phase.TUNNEL);
        client.pairWith(upstream);

        upstream.close(CloseReason.PEER);

        assertThat(client.partner()).isNull();
    }

    // ---- which

    @Test
    void theOldestAreListedWhenThereAreTooMany() {
        for (int i = 0; i < 5; i++) {
            open(Role.CLIENT, Phase.IDLE);
        }

        LedgerSurvey survey = ledger.survey(LedgerQuery.list(ConnectionFilter.all(), 3));

        assertThat(survey.connections()).extracting(ConnectionView::id).containsExactly(1L, 2L, 3L);
        assertThat(survey.matched()).isEqualTo(5);
        assertThat(ids(new ConnectionFilter(null, null, null, null, 0, null, null, 3)))
                .containsExactly(4L, 5L);
    }

    @Test
    void theOrderSurvivesWhateverCloses() {
        List<LedgerEntry> entries =
                List.of(open(Role.CLIENT, Phase.IDLE), open(Role.CLIENT, Phase.IDLE), open(Role.CLIENT, Phase.IDLE));

        entries.get(0).close(CloseReason.PEER);
        assertThat(ids(ConnectionFilter.all())).containsExactly(2L, 3L);
        entries.get(2).close(CloseReason.PEER);
        assertThat(ids(ConnectionFilter.all())).containsExactly(2L);
        entries.get(1).close(CloseReason.PEER);
        assertThat(ids(ConnectionFilter.all())).isEmpty();
        open(Role.CLIENT, Phase.IDLE);
        assertThat(ids(ConnectionFilter.all())).containsExactly(4L);
    }

    @Test
    void aRouteIsMatchedBySegments() {
        open(Role.CLIENT, Phase.IDLE);
        open(Role.CLIENT, Phase.IDLE).carries(Purpose.REQUEST, "/user/ada");
        open(Role.CLIENT, Phase.IDLE).carries(Purpose.REQUEST, "/user/adam");
        open(Role.CLIENT, Phase.IDLE).carries(Purpose.REQUEST, "/");

        assertThat(ids(route("/user/ada"))).containsExactly(2L);
        assertThat(ids(route("/user"))).containsExactly(2L, 3L);
        assertThat(ids(route("/"))).containsExactly(2L, 3L, 4L);
    }

    @Test
    void aTargetIsMatchedWithAndWithoutItsScheme() {
        LedgerEntry client = open(Role.CLIENT, Phase.IDLE);
        LedgerEntry upstream = open(Role.UPSTREAM, Phase.IDLE);
        upstream.leadsTo("http://127.0.0.1:9001");
        client.pairWith(upstream);

        assertThat(ids(target("http://127.0.0.1:9001"))).containsExactly(1L, 2L);
        assertThat(ids(target("127.0.0.1:9001"))).containsExactly(1L, 2L);
        assertThat(ids(target("127.0.0.1:900"))).isEmpty();
        assertThat(ids(target("https://127.0.0.1:9001"))).isEmpty();
    }

    @Test
    void aPeerIsMatchedWithAndWithoutItsPort() throws Exception {
        openFrom("192.0.2.1", 4711);
        openFrom("192.0.2.1", 4712);
        openFrom("2001:db8::1", 4711);

        assertThat(ids(peer("192.0.2.1", 0))).containsExactly(1L, 2L);
        assertThat(ids(peer("192.0.2.1", 4712))).containsExactly(2L);
        assertThat(ids(peer("2001:db8::1", 0))).containsExactly(3L);
    }

    @Test
    void roleAndPhaseAndAgeMustAllFit() {
        open(Role.CLIENT, Phase.IDLE);
        open(Role.CLIENT, Phase.TUNNEL);
        open(Role.API, Phase.IDLE);

        assertThat(ids(new ConnectionFilter(Role.CLIENT, Phase.IDLE, null, null, 0, null, null, 0)))
                .containsExactly(1L);
        assertThat(ids(new ConnectionFilter(null, Phase.IDLE, null, null, 0, null, null, 0)))
                .containsExactly(1L, 3L);
        assertThat(ids(new ConnectionFilter(null, null, null, null, 0, null, Duration.ofHours(1), 0)))
                .isEmpty();
    }

    // ---- counting

    @Test
    void aSummaryCountsByRoleAndPhaseAndRouteAndTarget() {
        LedgerEntry client = open(Role.CLIENT, Phase.IDLE);
        LedgerEntry upstream = open(Role.UPSTREAM, Phase.IDLE);
        upstream.leadsTo("http://127.0.0.1:9001");
        client.carries(Purpose.REQUEST, "/user/ada");
        client.pairWith(upstream);
        open(Role.CLIENT, Phase.IDLE);
        open(Role.CLIENT, Phase.TUNNEL);

        LedgerSurvey survey = ledger.survey(LedgerQuery.count(ConnectionFilter.all()));

        assertThat(survey.connections()).isEmpty();
        assertThat(survey.matched()).isEqualTo(4);
        assertThat(survey.groups())
                .extracting(group -> group.role() + " " + group.phase() + " " + group.count())
                .containsExactly("CLIENT IDLE 2", "CLIENT TUNNEL 1", "UPSTREAM IDLE 1");
        assertThat(survey.routes()).containsExactly(entry("/user/ada", 2));
        assertThat(survey.targets()).containsExactly(entry("http://127.0.0.1:9001", 2));
    }

    @Test
    void partsOfSeveralLoopsAreAddedUp() {
        LoopLedger other = new LoopLedger(book);
        open(Role.CLIENT, Phase.IDLE);
        LedgerEntry there = other.open(new EmbeddedChannel(), Role.CLIENT, Phase.IDLE);
        there.carries(Purpose.REQUEST, "/x");
        open(Role.CLIENT, Phase.IDLE).close(CloseReason.DEADLINE);
        open(Role.CLIENT, Phase.IDLE).carries(Purpose.REQUEST, "/x");
        LedgerQuery query = new LedgerQuery(ConnectionFilter.all(), 2, true);

        LedgerSurvey both = LedgerSurvey.merged(List.of(ledger.survey(query), other.survey(query)), 2, List.of("lost"));

        assertThat(both.connections()).extracting(ConnectionView::id).containsExactly(1L, 2L);
        assertThat(both.matched()).isEqualTo(3);
        assertThat(both.groups())
                .singleElement()
                .extracting(LedgerSurvey.Group::count)
                .isEqualTo(3L);
        assertThat(both.routes()).containsExactly(entry("/x", 2));
        assertThat(both.missing()).containsExactly("lost");
        assertThat(both.totals().opened(Role.CLIENT)).isEqualTo(4);
        assertThat(both.totals().closed(Role.CLIENT, CloseReason.DEADLINE)).isEqualTo(1);
        assertThat(both.totals().open(Role.CLIENT, Phase.IDLE)).isEqualTo(3);
        assertBalanced(both.totals());
    }

    @Test
    void aClosedSocketThatStillMovesIsNotCountedAgain() {
        LedgerEntry entry = open(Role.CLIENT, Phase.IDLE);

        entry.close(CloseReason.COMPLETE);
        entry.enter(Phase.LINGERING, Duration.ofSeconds(1));

        LedgerTotals totals =
                ledger.survey(LedgerQuery.count(ConnectionFilter.all())).totals();
        assertBalanced(totals);
        assertThat(totals.open(Role.CLIENT)).isZero();
        assertThat(totals.open(Phase.LINGERING)).isZero();
    }
}
