package dev.dormouse.saga.engine;

import dev.dormouse.room.Codec;
import dev.dormouse.room.Refusal;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Step;
import dev.dormouse.saga.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    Gathering gathering = new Gathering(stored);
    byte[] bytes = codec.encode(input);
    if (bytes.length > most) {
      throw new Refusal.TooLarge(
          "the input of saga '%s' has %d bytes; the limit is %d".formatted(id, bytes.length, most));
    }
    gathering.put(RowKeys.input(id), bytes);
    SagaRow none = SagaRow.none(id, Plan.of(saga));
    return run(saga, none, new Trigger.Start(), gathering, now);
  }

  /// Anything but the start of a new saga.
  ///
  /// @throws IllegalStateException if the saga's definition is gone, see [Definitions#missing]
  public Change on(String id, Trigger trigger, Stored stored, long now) {
    Gathering gathering = new Gathering(stored);
    Optional<SagaRow> row = load(id, stored);
    if (row.isEmpty()) {
      SagaRow none = SagaRow.none(id, Plan.NONE);
      gathering.take(none, trigger, Transitions.decide(Plan.NONE, none, unstarted(trigger), now));
      return gathering.done(none, none);
    }
    SagaRow saga = row.get();
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
    Gathering gathering = new Gathering(stored);
    SagaRow row = load(id, stored).orElseGet(() -> SagaRow.none(id, Plan.NONE));
    Decision decision = Transitions.note(row, detail, now);
    gathering.take(row, decision);
    return gathering.done(row, decision.next());
  }

  private static Trigger unstarted(Trigger trigger) {
    if (trigger instanceof Trigger.Start) {
      throw new IllegalArgumentException("a saga is started by its definition's name");
    }
    return trigger;
  }

  /// Reads head and steps of a saga.
  public static Optional<SagaRow> load(String id, Stored stored) {
    return stored
        .get(RowKeys.head(id))
        .map(RowCodec::head)
        .map(head -> {
          List<StepRow> rows = new ArrayList<>();
          for (StepRow pending : head.steps()) {
            String key = RowKeys.step(id, pending.index());
            rows.add(stored.get(key).map(RowCodec::step).orElse(pending));
          }
          return head.steps(rows);
        });
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
          gathering.send(command(saga, row.id(), send, gathering));
        } catch (RuntimeException e) {
          triggers.add(new Trigger.Unsendable(send.step(), send.way(), e.toString()));
        }
      }
    }
    return gathering.done(stored, row);
  }

  /// The command as it was first sent, or a new one.
  private <I> SagaCommand command(Saga<I> saga, String id, Send send, Gathering gathering) {
    String key = RowKeys.command(id, send.way(), send.step());
    Optional<byte[]> known = gathering.get(key);
    if (known.isPresent()) {
      return MessageCodec.command(known.get()).again(send);
    }
    SagaCommand made = made(saga, id, send, gathering);
    gathering.put(key, MessageCodec.command(made));
    return made;
  }

  private <I> SagaCommand made(Saga<I> saga, String id, Send send, Gathering gathering) {
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
