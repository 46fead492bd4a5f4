package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameServiceTest {
    private final NameService names = new NameService();
    private final EventLoop loop = new DefaultEventLoop();

    @AfterEach
    void end() {
        names.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "1.1.1.1, 1.1.1.1",
        "1.1.1.1 2.2.2.2, 1.1.1.1 2.2.2.2",
        "1.1.1.1 2.2.2.2 ::1 ::2, 1.1.1.1 ::1 2.2.2.2 ::2",
        "::1 ::2 ::3 1.1.1.1, ::1 1.1.1.1 ::2 ::3",
        "::1 1.1.1.1 2.2.2.2 3.3.3.3, ::1 1.1.1.1 2.2.2.2 3.3.3.3"
    })
    void theFamiliesTakeTurnsAndTheFirstStaysFirst(String given, String expected) throws Exception {
        List<InetAddress> ordered = NameService.alternating(addresses(given).toArray(new InetAddress[0]));

        assertThat(ordered).isEqualTo(addresses(expected));
    }

    private static List<InetAddress> addresses(String text) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : text.split(" ")) {
            if (!address.isEmpty()) {
                addresses.add(InetAddress.getByName(address));
            }
        }
        return addresses;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aLiteralAddressIsToldAtOnce(String literal) throws Exception {
        AtomicReference<List<InetAddress>> heard = new AtomicReference<>();

        names.resolve(literal, loop, (addresses, failure) -> heard.set(addresses));

        assertThat(heard.get()).containsExactly(InetAddress.getByName(literal));
    }

    @Test
    void aNameIsToldOnTheLoop() {
        AtomicReference<List<InetAddress>> heard = new AtomicReference<>();
        AtomicReference<Boolean> wasOnLoop = new AtomicReference<>();

        names.resolve("localhost", loop, (addresses, failure) -> {
            wasOnLoop.set(loop.inEventLoop());
            heard.set(addresses);
        });

        await().until(() -> heard.get() != null);
        assertThat(heard.get()).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        assertThat(wasOnLoop.get()).isTrue();
    }

    @Test
    void aNameWithoutAddressIsAFailure() {
        AtomicReference<Throwable> heard = new AtomicReference<>();

        names.resolve("no-such-host.invalid", loop, (addresses, failure) -> heard.set(failure));

        await().until(() -> heard.get() != null);
        assertThat(heard.get()).isInstanceOf(UnknownHostException.class);
    }
}
