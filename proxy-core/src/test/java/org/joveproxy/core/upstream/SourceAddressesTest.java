package org.joveproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
    private static final InetAddress FIRST = address("127.0.0.2");
    private static final InetAddress SECOND = address("127.0.0.3");
    private static final InetAddress SIX = address("2001:db8::1");
    private static final InetAddress TARGET = address("127.0.0.1");

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static InetAddress next(SourceAddresses sources, InetAddress target) {
        return Objects.requireNonNull(sources.towards(target)).getAddress();
    }

    @Test
    void theyTakeTurns() {
        SourceAddresses sources = new SourceAddresses(List.of(FIRST, SECOND, FIRST));

        InetAddress first = next(sources, TARGET);
        InetAddress second = next(sources, TARGET);

        assertThat(List.of(first, second)).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(next(sources, TARGET)).isEqualTo(first);
        assertThat(next(sources, TARGET)).isEqualTo(second);
    }

    @Test
    void onlyOneOfTheTargetsFamilyServes() {
        SourceAddresses sources = new SourceAddresses(List.of(FIRST, SIX));

        assertThat(next(sources, TARGET)).isEqualTo(FIRST);
        assertThat(next(sources, SIX)).isEqualTo(SIX);
        assertThat(new SourceAddresses(List.of(FIRST)).towards(SIX)).isNull();
    }

    @Test
    void withoutAnyTheKernelChooses() {
        SourceAddresses sources = new SourceAddresses(List.of());

        assertThat(sources.towards(TARGET)).isNull();
        assertThat(sources.multiplier()).isOne();
        assertThatCode(sources::check).doesNotThrowAnyException();
    }

    @Test
    void theyMultiplyThePortsByTheNumberOfTheSmallerFamily() {
        assertThat(new SourceAddresses(List.of(FIRST, SECOND, SECOND)).multiplier())
                .isEqualTo(2);
        assertThat(new SourceAddresses(List.of(FIRST, SECOND, SIX)).multiplier())
                .isOne();
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        SourceAddresses sources = new SourceAddresses(List.of(FIRST, address("192.0.2.1")));

        assertThatThrownBy(sources::check)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("source address: 192.0.2.1 (expected: an address of this machine)");
    }
}
