package dev.dormouse.saga.engine;

import dev.dormouse.room.Codec;
import dev.dormouse.room.Refusal;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Step;
import dev.dormouse.saga.Target;
import java.util.ArrayDeque;
import java.util.Optional;

/// Reads a saga, has the state machine decide, fills in the commands, and says what to write.
///
/// Has no state of its own and does nothing itself: whoever calls it in a room's turn puts the
/// [Change] into that turn's write set. Any thread may use it.
public final class Coordinator {
  private final Definitions definitions;
  private final Codec codec;
  private final int most;

  /// @param most how large a saga's input, and what a command carries, may be, in bytes
  public Coordinator(Definitions definitions, Codec codec, int most) {
    this.definitions = definitions;
    this.codec = codec;
    this.most = most;
  }

  /// Starts a saga on the latest version of its definition. One that is there already is left as it
  /// is, whatever the input (T1').
  ///
  /// @throws IllegalArgumentException if there is no such definition, the id cannot be one, or the
  ///   input is none of the definition's
  /// @throws Refusal.TooLarge if the input is
  public Change start(String id, String definition, Object input, Stored stored, long now) {
    RowKeys.check(id);
    Saga<?> saga =
        definitions
            .latest(definition)
            .orElseThrow(() -> new IllegalArgumentException("no saga '" + definition + "'"));
    if (!saga.input().isInstance(input)) {
      throw new IllegalArgumentException(
          "saga "
              + saga
              + " starts with a "
              + saga.input().getName()
              + ", not "
              + input.getClass());
    }
    Optional<SagaRow> known = load(id, stored);
    if (known.isPresent()) {
      return on(id, new Trigger.Start(), stored, now);
    }
    SagaRow none = SagaRow.none(id, Plan.of(saga));
    Gathering gathering = new Gathering(Sheet.none(none), stored);
    byte[] bytes = codec.encode(input);
    if (bytes.length > most) {
      throw new Refusal.TooLarge(
          "the input of saga '%s' has %d bytes; the limit is %d".formatted(id, bytes.length, most));
    }
    gathering.keep(RowKeys.input(id), bytes);
    return run(saga, none, new Trigger.Start(), gathering, now);
  }

  /// Anything but the start of a new saga.
  ///
  /// @throws IllegalStateException if the saga's definition is gone, see [Definitions#missing]
  public Change on(String id, Trigger trigger, Stored stored, long now) {
    return on(sheet(id, stored), id, trigger, stored, now);
  }

  /// The same, for one who has read the saga.
  public Change on(Optional<Sheet> sheet, String id, Trigger trigger, Stored stored, long now) {
    if (sheet.isEmpty()) {
      SagaRow none = SagaRow.none(id, Plan.NONE);
      Gathering gathering = new Gathering(Sheet.none(none), stored);
      gathering.take(none, trigger, Transitions.decide(Plan.NONE, none, unstarted(trigger), now));
      return gathering.done(none, none);
    }
    Gathering gathering = new Gathering(sheet.get(), stored);
    SagaRow saga = sheet.get().saga();
    Saga<?> definition =
        definitions
            .find(saga.definition(), saga.version())
            .orElseThrow(() ->
                new IllegalStateException(
                    "saga '"
                        + id
                        + "' runs on "
                        + new Definitions.Ref(saga.definition(), saga.version())
                        + ", which is not defined any more"));
    return run(definition, saga, trigger, gathering, now);
  }

  /// Adds a line to the log of a saga, which stays as it is. Needs no definition.
  public Change note(String id, String detail, Stored stored, long now) {
    Sheet sheet = sheet(id, stored).orElseGet(() -> Sheet.none(SagaRow.none(id, Plan.NONE)));
    SagaRow row = sheet.saga();
    Gathering gathering = new Gathering(sheet, stored);
    Decision decision = Transitions.note(row, detail, now);
    gathering.take(decision);
    return gathering.done(row, decision.next());
  }

  private static Trigger unstarted(Trigger trigger) {
    if (trigger instanceof Trigger.Start) {
      throw new IllegalArgumentException("a saga is started by its definition's name");
    }
    return trigger;
  }

  /// Reads a saga.
  public static Optional<SagaRow> load(String id, Stored stored) {
    return sheet(id, stored).map(Sheet::saga);
  }

  /// Reads a saga's own row.
  public static Optional<Sheet> sheet(String id, Stored stored) {
    return stored.get(RowKeys.head(id)).map(SheetCodec::sheet);
  }

  private <I> Change run(
      Saga<I> saga, SagaRow stored, Trigger first, Gathering gathering, long now) {
    Plan plan = Plan.of(saga);
    ArrayDeque<Trigger> triggers = new ArrayDeque<>();
    triggers.add(first);
    SagaRow row = stored;
    while (!triggers.isEmpty()) {
      Trigger trigger = triggers.remove();
      Decision decision = Transitions.decide(plan, row, trigger, now);
      gathering.take(row, trigger, decision);
      row = decision.next();
      for (Send send : decision.sends()) {
        try {
          gathering.send(command(saga, row, send, gathering));
        } catch (RuntimeException e) {
          triggers.add(new Trigger.Unsendable(send.step(), send.way(), e.toString()));
        }
      }
    }
    return gathering.done(stored, row);
  }

  /// The command as it was first sent, or a new one.
  private <I> SagaCommand command(Saga<I> saga, SagaRow row, Send send, Gathering gathering) {
    String key = RowKeys.command(row.id(), send.way(), send.step());
    Optional<byte[]> known = gathering.get(key);
    if (known.isPresent()) {
      return MessageCodec.command(known.get()).again(send);
    }
    SagaCommand made = made(saga, row, send, gathering);
    gathering.put(key, MessageCodec.command(made));
    return made;
  }

  private <I> SagaCommand made(Saga<I> saga, SagaRow row, Send send, Gathering gathering) {
    String id = row.id();
    Step<I> step = saga.steps().get(send.step());
    Known<I> known = new Known<>(saga, id, codec, gathering);
    Command<I> command =
        switch (send.way()) {
          case DO -> step.command();
          case UNDO -> step.undo().orElseThrow();
        };
    byte[] payload = codec.encode(command.payload().apply(known));
    if (payload.length > most) {
      throw new IllegalArgumentException(
          "what step '%s' sends has %d bytes; the limit is %d"
              .formatted(step.name(), payload.length, most));
    }
    return switch (command) {
      case Command.ToRoom<I> room ->
          new SagaCommand(
              id,
              row.started(),
              step.name(),
              send,
              room.target().apply(known),
              room.operation(),
              id + "/" + step.name() + "/" + send.way().word(),
              Optional.empty(),
              payload);
      case Command.External<I> external ->
          new SagaCommand(
              id,
              row.started(),
              step.name(),
              send,
              new Target.Service(external.service()),
              external.operation(),
              external.key().apply(known),
              Optional.of(external.repeat()),
              payload);
    };
  }
}
