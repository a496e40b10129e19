package dev.dormouse.server.jetty;

import dev.dormouse.room.Message;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.OpCode;

/// Writes a message as one frame of a server's, as RFC 6455 section 5.2 has it: final, not masked,
/// its length in 1, 3 or 9 bytes.
final class FrameEncoder {
  private static final int FIN = 0x80;
  private static final int HEADER = 10;

  private FrameEncoder() {}

  static byte opCode(Message message) {
    return switch (message) {
      case Message.Text _ -> OpCode.TEXT;
      case Message.Binary _ -> OpCode.BINARY;
    };
  }

  static byte[] encode(Message message) {
    byte[] payload = message.bytes();
    byte first = (byte) (FIN | opCode(message));
    ByteBuffer header = ByteBuffer.allocate(HEADER).put(first);
    if (payload.length < 126) {
      header.put((byte) payload.length);
    } else if (payload.length < 1 << 16) {
      header.put((byte) 126).putShort((short) payload.length);
    } else {
      header.put((byte) 127).putLong(payload.length);
    }
    byte[] frame = new byte[header.position() + payload.length];
    header.flip().get(frame, 0, header.limit());
    System.arraycopy(payload, 0, frame, header.limit(), payload.length);
    return frame;
  }
}
