package org.joveproxy.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.joveproxy.core.config.ProxyConfig;
import org.joveproxy.core.config.UpstreamConfig;
import org.joveproxy.core.lifecycle.Phase;
import org.joveproxy.core.lifecycle.Role;
import org.joveproxy.core.observe.ProxyObserver;
import org.joveproxy.core.testing.DeadPort;
import org.joveproxy.core.testing.FullBacklog;
import org.joveproxy.core.testing.LoggedLines;
import org.joveproxy.core.testing.Pace;
import org.joveproxy.core.testing.ProxyUnderTest;
import org.joveproxy.core.testing.RawClient;
import org.joveproxy.core.testing.StubUpstream;
import org.joveproxy.core.testing.Timeouts;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An upstream to which no connection comes to be is left alone, over both event loops. */
class BreakerIT {
    private static final String GET = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final int ALLOWED = UpstreamConfig.defaults().breakerFailures();

    private static boolean saysWhenToRetry(String answer) {
        return answer.toLowerCase(Locale.ROOT).contains("\r\nretry-after: 1\r\n");
    }

    private static long secondsSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanoTime);
    }

    private static ProxyConfig upstream(ProxyConfig config, int connections, int breakerFailures) {
        return ProxyUnderTest.upstream(
                config, new UpstreamConfig(connections, 100, 16, breakerFailures, List.of(), null));
    }

    /** Sockets that were opened towards upstreams so far, whatever became of them. */
    private static long connects(ProxyUnderTest proxy) {
        return proxy.ledger().openedCount(Role.UPSTREAM);
    }

    @Nested
    class OfADeadTarget {
        private final Queue<String> events = new ConcurrentLinkedQueue<>();

        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.withDefaults().observedBy(new ProxyObserver() {
            @Override
            public void breakerOpened(String upstream) {
                events.add("opened " + upstream);
            }

            @Override
            public void breakerClosed(String upstream) {
                events.add("closed " + upstream);
            }
        });

        private void failOften() throws IOException {
            for (int i = 0; i < ALLOWED; i++) {
                String answer = proxy.client().send(GET).readMessage();
                assertThat(answer).startsWith("HTTP/1.1 503 ");
                assertThat(saysWhenToRetry(answer)).as(answer).isFalse();
            }
        }

        @Test
        void afterAFewFailuresTheProxyAnswersWithoutASocket() throws Exception {
            String url = proxy.deadUrl();
            proxy.route("/", url);
            failOften();
            long opened = System.nanoTime();
            assertThat(connects(proxy)).isEqualTo(ALLOWED);
            assertThat(events).containsExactly("opened " + url);
            assertThat(proxy.proxy().openBreakers()).isOne();

            int toldToRetry = 0;
            for (int i = 0; i < 20; i++) {
                String answer = proxy.client().send(GET).readMessage();
                assertThat(answer).startsWith("HTTP/1.1 503 ").contains("<h1>503: Service Unavailable</h1>");
                toldToRetry += saysWhenToRetry(answer) ? 1 : 0;
            }

            long probes = connects(proxy) - ALLOWED;
            assertThat(probes).isLessThanOrEqualTo(secondsSince(opened));
            assertThat(toldToRetry).isEqualTo(20 - (int) probes);
        }

        @Test
        void anUpgradeIsRefusedWithoutASocketToo() throws Exception {
            proxy.route("/", proxy.deadUrl());
            long begin = System.nanoTime();
            failOften();

            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(proxy.client().send(UPGRADE).readToEnd());
            }

            assertThat(answers)
                    .allMatch(answer -> answer.startsWith("HTTP/1.1 503 Service Unavailable\r\n"))
                    .anyMatch(BreakerIT::saysWhenToRetry);
            assertThat(connects(proxy) - ALLOWED).isLessThanOrEqualTo(secondsSince(begin));
        }

        @Test
        void aStormCostsOneConnectASecondAndAFewLines() throws Exception {
            String url = proxy.deadUrl();
            proxy.route("/", url);
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(proxy.client());
            }
            LoggedLines lines = proxy.closing(LoggedLines.ofAll());
            failOften();
            long opened = System.nanoTime();
            int requests = 0;

            while (secondsSince(opened) < 3) {
                for (RawClient client : clients) {
                    client.send(GET);
                }
                for (RawClient client : clients) {
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
                    requests++;
                }
            }

            long probes = connects(proxy) - ALLOWED;
            assertThat(probes).isBetween(1L, secondsSince(opened));
            assertThat(requests).isGreaterThan(100);
            // Five about failed connections, one about the breaker, five about the first that it refused.
            assertThat(lines.with(url.substring(url.lastIndexOf('/')))).hasSizeBetween(7, 15);
        }

        @Test
        void aServerThatComesBackIsFound() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            failOften();
            dead.close();

            StubUpstream upstream = proxy.closing(new StubUpstream(dead.port(), StubUpstream.answering("here I am")));

            await().until(() -> proxy.client().send(GET).readMessage().endsWith("here I am"));
            assertThat(events).containsExactly("opened " + dead.url(), "closed " + dead.url());
            for (int i = 0; i < 10; i++) {
                assertThat(proxy.client().send(GET).readMessage()).endsWith("here I am");
            }
            assertThat(upstream.requests()).hasSize(11);
            assertThat(proxy.proxy().openBreakers()).isZero();
        }

        @Test
        void aServerThatARouteIsAddedForIsTriedAtOnce() throws Exception {
            DeadPort dead = new DeadPort();
            proxy.route("/", dead.url());
            failOften();
            dead.close();
            proxy.closing(new StubUpstream(dead.port(), StubUpstream.answering("here I am")));

            proxy.route("/user/new", dead.url());

            assertThat(events).containsExactly("opened " + dead.url(), "closed " + dead.url());
            assertThat(proxy.client().send(GET).readMessage()).endsWith("here I am");
        }

        @Test
        void aTargetThatWorksIsNotConcerned() throws Exception {
            StubUpstream upstream = proxy.upstream(StubUpstream.answering("ok"));
            proxy.route("/", proxy.deadUrl());
            proxy.route("/works", upstream.url());
            failOften();

            assertThat(proxy.client()
                            .send("GET /works HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readMessage())
                    .endsWith("ok");
        }
    }

    @Nested
    class WhenItIsTurnedOff {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> upstream(config, 100, 0));

        @Test
        void everyRequestTries() throws Exception {
            proxy.route("/", proxy.deadUrl());

            for (int i = 0; i < 20; i++) {
                assertThat(saysWhenToRetry(proxy.client().send(GET).readMessage()))
                        .isFalse();
            }

            assertThat(connects(proxy)).isEqualTo(20);
        }
    }

    @Nested
    class OfASilentTarget {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.timeouts(
                upstream(config, 1, 1), new Timeouts().connect(1_500).config()));

        @Test
        void whoWaitsForAPermitIsAnsweredWhenItOpens() throws Exception {
            proxy.route("/", proxy.closing(new FullBacklog()).url());
            RawClient connecting = proxy.client().send(GET);
            await().until(() -> connects(proxy) == 1);
            Pace.millis(500);
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                waiting.add(proxy.client().send(GET));
            }
            await().until(() -> proxy.clientsIn(Phase.ACQUIRING) == 7);

            assertThat(saysWhenToRetry(connecting.readMessage())).isFalse();

            for (RawClient client : waiting) {
                String answer = client.readMessage();
                assertThat(answer).startsWith("HTTP/1.1 503 ");
                assertThat(saysWhenToRetry(answer)).as(answer).isTrue();
            }
            // None of them had a turn of its own, which would have taken another second and a half each.
            assertThat(connects(proxy)).isOne();
        }
    }

    @Nested
    class OfATargetThatIsTriedTwiceAtATime {
        @RegisterExtension
        final ProxyUnderTest proxy = ProxyUnderTest.with(config -> ProxyUnderTest.timeouts(
                upstream(config, 2, 1), new Timeouts().connect(2_000).config()));

        @Test
        void anAttemptUnderWayGetsItsOwnResult() throws Exception {
            proxy.route("/", proxy.closing(new FullBacklog()).url());
            RawClient first = proxy.client().send(GET);
            await().until(() -> connects(proxy) == 1);
            Pace.millis(1_000);
            RawClient second = proxy.client().send(GET);
            await().until(() -> connects(proxy) == 2);

            assertThat(first.readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(proxy.proxy().openBreakers()).isOne();
            assertThat(proxy.clientsIn(Phase.ACQUIRING)).isOne();

            assertThat(saysWhenToRetry(second.readMessage())).isFalse();
        }
    }
}
