package dev.dormouse.server;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman;
import java.util.Arrays;
import java.util.List;

/// A doorman for tests that does what it is told, one word each; what it does not know it passes.
/// Keeps nothing, so that one is enough for all rooms.
final class Porter implements Doorman, Doorman.Porch {

  @Override
  public Porch open(int maxBytes) {
    return this;
  }

  @Override
  public List<Verdict> joins(long connection, long now) {
    return List.of();
  }

  @Override
  public List<Verdict> hears(long connection, Message message, long now) {
    if (!(message instanceof Message.Text text)) {
      return Verdict.PASS;
    }
    String[] words = text.text().split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    return switch (words[0]) {
      case "echo" -> List.of(new Verdict.Answer(Message.of(rest)));
      case "relay" -> List.of(new Verdict.Relay(Message.of(rest)));
      case "swell" -> List.of(new Verdict.Answer(new Message.Text(filled(rest))));
      case "dismiss" -> List.of(new Verdict.Close(new CloseStatus(4444, "as you wish")));
      case "stumble" -> throw new IllegalStateException("as you wish");
      default -> Verdict.PASS;
    };
  }

  private static byte[] filled(String length) {
    byte[] bytes = new byte[Integer.parseInt(length)];
    Arrays.fill(bytes, (byte) 's');
    return bytes;
  }

  @Override
  public List<Verdict> leaves(long connection, long now) {
    return List.of();
  }

  @Override
  public int bytes() {
    return 0;
  }
}
