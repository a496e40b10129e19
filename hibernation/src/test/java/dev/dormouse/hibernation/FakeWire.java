package dev.dormouse.hibernation;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes down what it is told to do.
final class FakeWire implements Wire {
  /// `a+` for a message after which another follows, `a` for one that is flushed.
  final List<String> log = new ArrayList<>();

  boolean open = true;

  @Override
  public boolean send(Message message, boolean more) {
    if (!open) {
      return false;
    }
    log.add(text(message) + (more ? "+" : ""));
    return true;
  }

  @Override
  public void close(CloseStatus status) {
    log.add("close " + status.code());
    open = false;
  }

  @Override
  public void readOn() {
    log.add("read on");
  }

  static String text(Message message) {
    return new String(message.bytes(), StandardCharsets.UTF_8);
  }

  /// What happened since the last look.
  List<String> taken() {
    List<String> all = List.copyOf(log);
    log.clear();
    return all;
  }
}
