package org.joveproxy.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

class FailureKindTest {
    @ParameterizedTest
    @EnumSource
    void onlyWhatTheProxyLacksIsAWarning(FailureKind kind) {
        // A breaker is open because of what the upstream did.
        boolean isALack = kind.isShed() && kind != FailureKind.BREAKER_OPEN;

        assertThat(kind.level() == Level.WARN).isEqualTo(isALack || kind == FailureKind.UNUSABLE_TARGET);
    }

    @ParameterizedTest
    @EnumSource
    void onlyOurBugIsAnError(FailureKind kind) {
        assertThat(kind.level() == Level.ERROR).isEqualTo(kind == FailureKind.OUR_BUG);
    }
}
