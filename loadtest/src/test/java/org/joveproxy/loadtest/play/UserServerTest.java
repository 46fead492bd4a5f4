package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserServerTest {
    @ParameterizedTest
    @CsvSource({
        "/user/u1/api/sessions, 400",
        "/user/u1/static/lab/3.12345.js, 12345",
        "/user/u1/files/data.10485760.bin, 10485760",
        "/user/u1/api/contents/notebook.ipynb, 400",
        "/user/u1/a.b.c, 400",
        "/user/u1/x.99999999999999.y, 400",
    })
    void thePathTellsTheLength(String path, long length) {
        assertThat(UserServer.lengthOf(path)).isEqualTo(length);
    }
}
