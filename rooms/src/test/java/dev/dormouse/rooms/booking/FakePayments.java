package dev.dormouse.rooms.booking;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.rooms.booking.Charge.Receipt;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.ExternalService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A payment service that does what it is told, honours keys, and whose ledger can be read.
final class FakePayments implements ExternalService {
  /// What a call to charge does; those that come after the last one are charged.
  sealed interface Turn {
    /// Charges, `after` a while, and answers.
    record Charges(Duration after) implements Turn {}

    /// Charges, and the answer is lost.
    record Loses() implements Turn {}

    /// Does nothing, and says so.
    record Fails() implements Turn {}

    record Refuses() implements Turn {}
  }

  final Deque<Turn> turns = new ArrayDeque<>();

  /// Every call, as `operation`, `operation?` for a lookup.
  final List<String> calls = new ArrayList<>();

  /// `charged`, `refunded`, `refused` or `void`, by key.
  final Map<String, String> book = new LinkedHashMap<>();

  /// What happened to the ledger, in order.
  final List<String> effects = new ArrayList<>();

  private final Supplier<Execution> execution;

  FakePayments(Supplier<Execution> execution) {
    this.execution = execution;
  }

  @Override
  public @Nullable Receipt call(ExternalCall call) throws Exception {
    calls.add(call.operation() + (call.looksUp() ? "?" : ""));
    if (call.looksUp()) {
      return book.containsKey(call.key()) ? told(call.key()) : null;
    }
    Charge charge = call.payload(Charge.class);
    if (call.operation().equals("refund")) {
      String before = book.getOrDefault(call.key(), "nothing");
      String after = before.equals("charged") ? "refunded" : "void";
      book.put(call.key(), after);
      effects.add(after + " " + charge.amount());
      return null;
    }
    Turn turn = turns.isEmpty() ? new Turn.Charges(Duration.ZERO) : turns.pop();
    return switch (turn) {
      case Turn.Charges(Duration after) -> {
        if (after.isPositive()) {
          execution.get().signal().await(after);
        }
        yield charged(call.key(), charge);
      }
      case Turn.Loses _ -> {
        charged(call.key(), charge);
        throw new IOException("the line went dead");
      }
      case Turn.Fails _ -> throw new IOException("the bank is closed");
      case Turn.Refuses _ -> {
        book.putIfAbsent(call.key(), "refused");
        yield told(call.key());
      }
    };
  }

  private Receipt charged(String key, Charge charge) {
    if (book.putIfAbsent(key, "charged") == null) {
      effects.add("charged " + charge.amount());
    }
    return told(key);
  }

  private Receipt told(String key) {
    return switch (book.getOrDefault(key, "nothing")) {
      case "charged" -> new Receipt("R-" + key.substring(key.indexOf('.') + 1));
      case "refused" -> throw new Refusal.Refused(402, "the card was declined");
      case String other -> throw new Refusal.Refused(409, "this payment is " + other);
    };
  }
}
