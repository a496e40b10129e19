package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A message's frame is the one that Jetty would write.
class FrameEncoderTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 100_000})
  void every_length_is_as_jetty_writes_it(int length) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    byte[] frame = FrameEncoder.encode(new Message.Binary(payload));

    assertThat(frame).isEqualTo(byJetty(new Frame(OpCode.BINARY, ByteBuffer.wrap(payload))));
  }

  @Test
  void a_text_is_a_text() {
    assertThat(FrameEncoder.encode(Message.of("hé")))
        .containsExactly(0x81, 3, 'h', (byte) 0xc3, (byte) 0xa9);
  }

  private static byte[] byJetty(Frame frame) {
    ByteBuffer header = BufferUtil.allocate(Generator.MAX_HEADER_LENGTH);
    new Generator().generateHeader(frame, header);
    byte[] all =
        Arrays.copyOf(BufferUtil.toArray(header), header.remaining() + frame.getPayloadLength());
    frame.getPayload().get(all, header.remaining(), frame.getPayloadLength());
    return all;
  }
}
