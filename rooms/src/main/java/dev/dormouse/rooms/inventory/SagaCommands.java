package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Refusal;
import dev.dormouse.rooms.inventory.Goods.Held;
import dev.dormouse.rooms.inventory.Goods.Line;
import dev.dormouse.saga.StepCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an inventory does in sagas.
///
/// | operation | payload | effect |
/// |---|---|---|
/// | [#RESERVE] | [Goods] | sets all of it aside, or refuses and sets nothing aside; answers [Held] |
/// | [#RELEASE] | any | its undo: gives back what the same step has set aside |
/// | [#SELL] | any | takes what the saga has set aside here out of the stock, for good |
///
/// The reservations are ordinary ones, with keys that no client can give, since they hold spaces:
/// by them they are found again, and no saga can touch another's. They do not expire while a saga
/// can still want them: it holds an alarm of its own for as long as it is open.
public final class SagaCommands {
  public static final String RESERVE = "reserve";
  public static final String RELEASE = "release";
  public static final String SELL = "sell";

  /// So long that only a saga whose owner is lost for good is outlived; then the stock comes back.
  static final Duration HOLD = Duration.ofDays(365);

  private static final int MAX_LINES = 100;

  private final Ledger ledger;

  SagaCommands(Ledger ledger) {
    this.ledger = ledger;
  }

  Held carryOut(StepCommand command) {
    return switch (command.operation()) {
      case RESERVE -> reserve(command);
      case RELEASE -> new Held(ledger.byKeys(step(command)).stream().map(this::release).toList());
      case SELL -> sell(command);
      case String other ->
          throw new Refusal.NotFound("an inventory does not know how to '" + other + "'");
    };
  }

  private Held reserve(StepCommand command) {
    List<Line> lines = command.payload(Goods.class).lines();
    if (lines.isEmpty() || lines.size() > MAX_LINES) {
      throw new Refusal.Refused(400, "1 to " + MAX_LINES + " SKUs are reserved together");
    }
    Set<String> skus = new HashSet<>();
    List<String> held = new ArrayList<>();
    for (Line line : lines) {
      String sku = Wire.sku(line.sku());
      if (!skus.add(sku)) {
        throw new Refusal.Refused(400, "'" + sku + "' stands there twice");
      }
      Optional<String> key = Optional.of(step(command) + sku);
      held.add(ledger.reserve(sku, Wire.quantity(line.quantity()), key, HOLD).id());
    }
    return new Held(held);
  }

  private Held sell(StepCommand command) {
    List<String> held = ledger.byKeys(saga(command));
    if (held.isEmpty()) {
      throw new Refusal.Refused(409, "nothing is set aside for the saga " + command.sagaId());
    }
    return new Held(held.stream().map(id -> ledger.confirm(id).id()).toList());
  }

  private String release(String id) {
    return ledger.release(id).id();
  }

  /// How the keys of all that a saga has set aside here begin. Its id is unique among those of its
  /// owner only.
  private static String saga(StepCommand command) {
    return "saga %s:%s %s "
        .formatted(command.owner().namespace(), command.owner().hex(), command.sagaId());
  }

  private static String step(StepCommand command) {
    return saga(command) + command.step() + " ";
  }
}
