package org.joveproxy.loadtest.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnixTableTest {
    @Test
    void findsTheInodeWithAndWithoutAPath() {
        assertThat(UnixTable.parse(List.of(
                        "Num       RefCount Protocol Flags    Type St Inode Path",
                        "ffff8881: 00000002 00000000 00010000 0001 01 17001 /run/x.sock",
                        "ffff8882: 00000003 00000000 00000000 0001 03 17002",
                        "broken")))
                .containsExactlyInAnyOrder(17001L, 17002L);
        assertThat(UnixTable.parse(List.of())).isEmpty();
    }

    @Test
    void aProcessThatIsGoneHasNone() {
        assertThat(UnixTable.inodes(Integer.MAX_VALUE)).isEmpty();
    }
}
