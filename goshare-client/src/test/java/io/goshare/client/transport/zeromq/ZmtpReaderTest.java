package io.goshare.client.transport.zeromq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.transport.Fault;
import io.goshare.client.transport.TransportException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZmtpReaderTest {
    private static final class Heard implements ZmtpReader.Sink {
        private final List<String> commands = new ArrayList<>();
        private final List<List<byte[]>> messages = new ArrayList<>();

        @Override
        public void greeting(byte[] greeting) {
            assertThat(greeting).hasSize(Zmtp.GREETING);
        }

        @Override
        public void command(byte[] body) {
            commands.add(Zmtp.name(body) + Zmtp.data(body).length);
        }

        @Override
        public void message(List<byte[]> frames) {
            messages.add(frames);
        }
    }

    /** A channel that gives between one byte and {@code most} at a time. */
    private static ReadableByteChannel trickle(byte[] bytes, int most, Random random) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer to) {
                byte[] piece = new byte[Math.min(1 + random.nextInt(most), to.remaining())];
                int count = in.read(piece, 0, piece.length);
                if (count > 0) {
                    to.put(piece, 0, count);
                }
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    private static Heard read(byte[] bytes, int most, Random random) throws IOException {
        Heard heard = new Heard();
        ZmtpReader reader = new ZmtpReader("a:1", heard, 1 << 20);
        ReadableByteChannel channel = trickle(bytes, most, random);
        while (reader.read(channel)) {
            // to the end
        }
        assertThat(reader.isInside()).isFalse();
        return heard;
    }

    @Test
    void messagesComeOutAsTheyWentInHoweverTheyArePieced() throws IOException {
        Random random = new Random(9);
        for (int round = 0; round < 30; round++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(Zmtp.greeting().array());
            bytes.writeBytes(Zmtp.ready().array());
            List<List<byte[]>> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<byte[]> frames = new ArrayList<>();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    byte[] frame = new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(300)];
                    random.nextBytes(frame);
                    frames.add(frame);
                }
                sent.add(frames);
                bytes.writeBytes(Zmtp.message(frames).array());
            }
            bytes.writeBytes(Zmtp.pong(new byte[] {1, 2, 3}).array());

            Heard heard = read(bytes.toByteArray(), random.nextBoolean() ? 50 : 100_000, random);

            assertThat(heard.commands).containsExactly("READY35", "PONG3");
            assertThat(heard.messages).hasSameSizeAs(sent);
            for (int i = 0; i < sent.size(); i++) {
                assertThat(heard.messages.get(i))
                        .usingElementComparator(java.util.Arrays::compare)
                        .isEqualTo(sent.get(i));
            }
        }
    }

    @Test
    void whatIsNoZeroMqIsSeenAtItsFirstByte() {
        assertFault(Fault.NOT_GOSHARE, "HTTP/1.1 400".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] old = Zmtp.greeting().array();
        old[10] = 1;
        assertFault(Fault.NOT_GOSHARE, old);
        byte[] curve = Zmtp.greeting().array();
        System.arraycopy("CURVE".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, curve, 12, 5);
        assertFault(Fault.NOT_GOSHARE, curve);
        assertFault(Fault.WRONG_TYPE, with(new byte[] {(byte) 0x80, 1, 0}));
        assertFault(Fault.TOO_LARGE, with(new byte[] {2, 0, 0, 0, 0, 0, 32, 0, 0}));
        assertFault(Fault.TOO_LARGE, with(new byte[] {2, -1, 0, 0, 0, 0, 32, 0, 0}));
        assertFault(Fault.WRONG_TYPE, with(new byte[] {
            1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0
        }));
    }

    private static byte[] with(byte[] more) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Zmtp.greeting().array());
        bytes.writeBytes(more);
        return bytes.toByteArray();
    }

    private static void assertFault(Fault fault, byte[] bytes) {
        assertThatThrownBy(() -> read(bytes, 100, new Random(1)))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }
}
