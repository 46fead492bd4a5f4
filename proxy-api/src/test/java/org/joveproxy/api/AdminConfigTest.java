package org.joveproxy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.joveproxy.core.config.ListenAddress;
import org.junit.jupiter.api.Test;

class AdminConfigTest {
    @Test
    void theTokenIsNotShown() {
        AdminConfig config = new AdminConfig(ListenAddress.tcp("", 8001), () -> List.of("s3cret"), true, null);

        assertThat(config).hasToString("AdminConfig[address=*:8001, token=***, hostRouting=true, metrics=null]");
    }
}
