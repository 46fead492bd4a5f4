package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    private static ByteBuf bytes(Payload payload) {
        ByteBuf all = Unpooled.buffer();
        for (long position = 0; position < payload.length(); ) {
            ByteBuf piece = payload.from(position, 10_000);
            position += piece.readableBytes();
            all.writeBytes(piece);
        }
        return all;
    }

    private static String complaint(Payload expected, ByteBuf got, int pieceSize) {
        Payload.Check check = expected.check();
        while (got.isReadable()) {
            check.accept(got.readSlice(Math.min(pieceSize, got.readableBytes())));
        }
        return check.complaint();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4_096, 65_521, 1_000_000})
    void whatWasSentPassesInWhateverPieces(int pieceSize) {
        Payload payload = new Payload("/user/ada/files/x", pieceSize < 100 ? 3_000 : 300_000);

        assertThat(complaint(payload, bytes(payload), pieceSize)).isEmpty();
    }

    @Test
    void anEmptyPayloadIsWholeAtOnce() {
        assertThat(new Payload("x", 0).check().complaint()).isEmpty();
    }

    @Test
    void oneChangedByteIsFound() {
        Payload payload = new Payload("x", 100_000);
        ByteBuf got = bytes(payload);
        got.setByte(70_000, got.getByte(70_000) + 1);

        assertThat(complaint(payload, got, 1_000)).isEqualTo("wrong bytes from 70000 on");
    }

    @Test
    void aMissingEndIsFound() {
        Payload payload = new Payload("x", 100_000);

        assertThat(complaint(payload, bytes(payload).slice(0, 99_999), 1_000)).isEqualTo("99999 of 100000 bytes");
    }

    @Test
    void aByteTooManyIsFound() {
        Payload payload = new Payload("x", 1_000);
        ByteBuf got = bytes(payload).writeByte(0);

        assertThat(complaint(payload, got, 1_000)).startsWith("wrong bytes");
    }

    @Test
    void whatIsSomebodyElsesIsFound() {
        ByteBuf bobs = bytes(new Payload("/user/bob/api/sessions", 400));

        assertThat(complaint(new Payload("/user/ada/api/sessions", 400), bobs, 400))
                .isEqualTo("wrong bytes from 0 on");
    }
}
