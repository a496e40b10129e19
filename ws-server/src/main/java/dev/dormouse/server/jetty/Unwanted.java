package dev.dormouse.server.jetty;

import dev.dormouse.server.limits.Stranger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.util.IO;

/// The channel of a client that is not let in; nobody else has it.
record Unwanted(SocketChannel channel) implements Stranger {
  /// What is dropped at a look, in bytes.
  private static final int MOST = 64 * 1024;

  @Override
  public boolean tell(byte[] answer) {
    try {
      if (channel.write(ByteBuffer.wrap(answer)) < answer.length) {
        return false;
      }
      channel.shutdownOutput();
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public boolean gone() {
    try {
      int count = channel.read(ByteBuffer.allocate(MOST));
      return count < 0 || count == MOST;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() {
    IO.close(channel);
  }
}
