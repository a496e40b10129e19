package dev.dormouse.testkit;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Doorman.Porch;
import dev.dormouse.room.spi.Ruling;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The place of one doorman at one room, as sockets have it, but for one thread. What the doorman
/// throws is not caught: it fails the test.
final class FakePorch {
  private final Doorman doorman;
  private final int maxBytes;
  private final InstantSource clock;
  private final Set<FakeConnection> present = new LinkedHashSet<>();

  /// Null while nobody is present.
  private @Nullable Porch porch;

  FakePorch(Doorman doorman, int maxBytes, InstantSource clock) {
    this.doorman = doorman;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  void joins(FakeConnection connection) {
    Porch it = porch == null ? doorman.open(maxBytes) : porch;
    porch = it;
    present.add(connection);
    carryOut(Ruling.of(it.joins(connection.key(), clock.millis())), connection, it);
  }

  /// Says whether the room gets the message.
  boolean hears(FakeConnection connection, Message message) {
    Porch it = porch;
    if (it == null || !present.contains(connection)) {
      return false;
    }
    Ruling ruling =
        Ruling.of(
            connection.reads()
                ? it.hearsReader(connection.key(), message, clock.millis())
                : it.hears(connection.key(), message, clock.millis()));
    carryOut(ruling, connection, it);
    return ruling.passes();
  }

  void leaves(FakeConnection connection) {
    Porch it = porch;
    if (it == null || !present.remove(connection)) {
      return;
    }
    relay(Ruling.of(it.leaves(connection.key(), clock.millis())), connection);
    if (present.isEmpty()) {
      porch = null;
    }
  }

  void ticks() {
    Porch it = porch;
    if (it != null) {
      relay(Ruling.of(it.ticks(clock.millis())), null);
    }
  }

  private void carryOut(Ruling said, FakeConnection hand, Porch porch) {
    Ruling ruling =
        porch.bytes() > maxBytes ? said.thenClosing(CloseStatus.of(CloseCode.TOO_BIG)) : said;
    ruling.answers().forEach(hand::receive);
    relay(ruling, hand);
    CloseStatus close = ruling.close();
    if (close != null) {
      hand.close(close.code(), close.reason());
    }
  }

  private void relay(Ruling ruling, @Nullable FakeConnection hand) {
    for (FakeConnection other : List.copyOf(present)) {
      if (other != hand) {
        ruling.relays().forEach(other::receive);
      }
    }
  }
}
