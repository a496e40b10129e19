package dev.dormouse.hibernation;

import dev.dormouse.room.RoomException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The clients that wait for an answer, by number; each is answered once. Safe for any thread.
final class Exchanges {
  private final Map<Long, Exchange> open = new ConcurrentHashMap<>();

  void add(long number, Exchange exchange) {
    open.put(number, exchange);
  }

  /// Forgets a client without an answer.
  void forget(long number) {
    open.remove(number);
  }

  /// Answers a client, if it still waits.
  void answer(long number, Consumer<Exchange> answer) {
    Exchange exchange = open.remove(number);
    if (exchange != null) {
      answer.accept(exchange);
    }
  }

  void declineAll(RoomException error) {
    for (Long number : open.keySet()) {
      answer(number, exchange -> exchange.decline(error));
    }
  }
}
