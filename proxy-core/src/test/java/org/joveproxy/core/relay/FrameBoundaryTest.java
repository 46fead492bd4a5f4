package org.joveproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where frames end is known to whoever makes them; the boundaries that are found must be those, and no others. */
final class FrameBoundaryTest {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;

    private final FrameBoundary frames = new FrameBoundary();

    /** Frames one after the other, and where they end. */
    private static final class Stream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final NavigableSet<Integer> ends = new TreeSet<>(List.of(0));

        /** Adds a frame whose length takes {@code lengthBytes}: 0, 2 or 8, also where fewer would do. */
        Stream frame(int opcode, int lengthBytes, long length, boolean isMasked) {
            bytes.write(0x80 | opcode);
            int mask = isMasked ? 0x80 : 0;
            bytes.write(mask | (lengthBytes == 0 ? (int) length : lengthBytes == 2 ? 126 : 127));
            for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
                bytes.write((int) (length >>> shift));
            }
            if (isMasked) {
                bytes.writeBytes(new byte[] {(byte) 0x88, 1, (byte) 0xff, 0});
            }
            // What could be taken for the beginning of a frame.
            for (long i = 0; i < length; i++) {
                bytes.write(0x81);
            }
            ends.add(bytes.size());
            return this;
        }

        ByteBuf from(int begin, int end) {
            return Unpooled.wrappedBuffer(bytes.toByteArray(), begin, end - begin);
        }

        int size() {
            return bytes.size();
        }
    }

    private static Stream ofEachKind() {
        return new Stream()
                .frame(TEXT, 0, 0, false)
                .frame(TEXT, 0, 3, false)
                .frame(TEXT, 2, 3, false)
                .frame(TEXT, 8, 3, false)
                .frame(PING, 0, 0, true)
                .frame(TEXT, 0, 3, true)
                .frame(TEXT, 2, 3, true)
                .frame(TEXT, 8, 3, true)
                .frame(TEXT, 2, 0, true)
                .frame(TEXT, 8, 0, false);
    }

    @Test
    void nothingIsUnderWayAtTheBeginning() {
        assertThat(frames.isBetweenFrames()).isTrue();
        assertThat(frames.isClosed()).isFalse();
    }

    @Test
    void aCutIsBetweenFramesOnlyWhereOneEnds() {
        Stream stream = ofEachKind();
        for (int cut = 0; cut <= stream.size(); cut++) {
            FrameBoundary cutFrames = new FrameBoundary();

            cutFrames.passed(stream.from(0, cut));

            assertThat(cutFrames.isBetweenFrames()).as("cut at %d", cut).isEqualTo(stream.ends.contains(cut));
            cutFrames.passed(stream.from(cut, stream.size()));
            assertThat(cutFrames.isBetweenFrames()).as("whole, cut at %d", cut).isTrue();
        }
    }

    @Test
    void bytesMayComeOneByOne() {
        Stream stream = ofEachKind();
        for (int at = 0; at < stream.size(); at++) {
            frames.passed(stream.from(at, at + 1));

            assertThat(frames.isBetweenFrames()).as("after %d bytes", at + 1).isEqualTo(stream.ends.contains(at + 1));
        }
    }

    @Test
    void theEndOfTheFrameUnderWayIsFoundFromAnywhere() {
        Stream stream = ofEachKind();
        for (int cut = 0; cut < stream.size(); cut++) {
            FrameBoundary cutFrames = new FrameBoundary();
            cutFrames.passed(stream.from(0, cut));

            int end = cutFrames.passedToEnd(stream.from(cut, stream.size()));

            assertThat(cut + end).as("cut at %d", cut).isEqualTo(stream.ends.higher(cut));
            assertThat(cutFrames.isBetweenFrames()).isTrue();
        }
    }

    @Test
    void theEndOfAFrameThatIsNotThereIsNotFound() {
        Stream stream = new Stream().frame(TEXT, 2, 300, false);
        frames.passed(stream.from(0, 10));

        assertThat(frames.passedToEnd(stream.from(10, 200))).isEqualTo(190);
        assertThat(frames.isBetweenFrames()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 125", "2, 126", "2, 127", "2, 255", "2, 256", "2, 65535", "8, 65536", "8, 70000"})
    void lengthsAreReadWhole(int lengthBytes, int length) {
        Stream stream = new Stream().frame(TEXT, lengthBytes, length, false);

        frames.passed(stream.from(0, stream.size() - 1));

        assertThat(frames.isBetweenFrames()).isFalse();
        frames.passed(stream.from(stream.size() - 1, stream.size()));
        assertThat(frames.isBetweenFrames()).isTrue();
    }

    @Test
    void aLengthBeyondFourGigabytesIsNotCutShort() {
        frames.passed(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0}));

        frames.passed(Unpooled.wrappedBuffer(new byte[1000]));

        assertThat(frames.isBetweenFrames()).isFalse();
    }

    @Test
    void aLengthThatIsNoneHasNoEnd() {
        frames.passed(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1}));

        assertThat(frames.isBetweenFrames()).isFalse();
        frames.passed(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 0}));
        assertThat(frames.isBetweenFrames()).isFalse();
    }

    @Test
    void indexesStayWhereTheyAre() {
        ByteBuf bytes = ofEachKind().from(2, 7);
        bytes.readerIndex(1);

        frames.passed(bytes);

        assertThat(bytes.readerIndex()).isEqualTo(1);
        assertThat(bytes.writerIndex()).isEqualTo(5);
    }

    @Test
    void whatHasBeenReadAlreadyDoesNotCount() {
        Stream stream = new Stream().frame(TEXT, 0, 1, false).frame(TEXT, 0, 3, false);
        ByteBuf bytes = stream.from(0, stream.size());
        bytes.readerIndex(3);

        assertThat(frames.passedToEnd(bytes)).isEqualTo(stream.size());
        assertThat(frames.isBetweenFrames()).isTrue();
    }

    @Test
    void aCloseIsOneWhenItIsWhole() {
        Stream stream = new Stream().frame(TEXT, 0, 3, false).frame(CLOSE, 0, 2, false);

        frames.passed(stream.from(0, stream.size() - 1));
        assertThat(frames.isClosed()).isFalse();
        frames.passed(stream.from(stream.size() - 1, stream.size()));
        assertThat(frames.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void randomStreamsInRandomPieces(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Stream stream = random(random);
            FrameBoundary cutFrames = new FrameBoundary();
            List<Integer> cuts = new ArrayList<>();
            for (int at = 0; at < stream.size(); ) {
                int next = Math.min(stream.size(), at + 1 + random.nextInt(random.nextBoolean() ? 12 : 3_000));
                cuts.add(next);
                cutFrames.passed(stream.from(at, next));
                assertThat(cutFrames.isBetweenFrames())
                        .as("seed %d, cuts %s", seed, cuts)
                        .isEqualTo(stream.ends.contains(next));
                at = next;
            }
        }
    }

    private static Stream random(Random random) {
        Stream stream = new Stream();
        for (int n = 1 + random.nextInt(20); n > 0; n--) {
            int lengthBytes = List.of(0, 0, 0, 2, 8).get(random.nextInt(5));
            int length = random.nextInt(lengthBytes == 0 ? 126 : random.nextInt(10) > 0 ? 2_000 : 100_000);
            stream.frame(
                    random.nextInt(16), lengthBytes, lengthBytes == 2 ? length & 0xffff : length, random.nextBoolean());
        }
        return stream;
    }
}
