package dev.dormouse.saga.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// The participants of a simulated saga: records, effects, and the checks that no effect comes
/// twice, none after its undo, and all undoing in reverse.
final class SimParticipant {
  private final Storm storm;
  private final BiConsumer<String, byte[]> answers;
  private final Map<String, byte[]> records = new HashMap<>();
  private final Map<String, String> payloads = new HashMap<>();
  final List<String> effects = new ArrayList<>();

  /// How many answers were put off; numbers them.
  private long begun;

  /// @param answers takes an answer for a saga: its outbox
  SimParticipant(Storm storm, BiConsumer<String, byte[]> answers) {
    this.storm = storm;
    this.answers = answers;
  }

  boolean applied(String saga, int step) {
    byte[] record = records.get(RowKeys.participant(saga, step));
    return record != null && MessageCodec.record(record) instanceof ParticipantRecord.Applied;
  }

  /// One transaction: all of it, or nothing when the process dies in it.
  void take(byte[] bytes) {
    if (storm.wrong(0.05)) {
      return;
    }
    SagaCommand command = MessageCodec.command(bytes);
    sameAsBefore(command);
    Send send = command.send();
    String key = RowKeys.participant(command.saga(), send.step());
    byte[] stored = records.get(key);
    ParticipantRecord record =
        stored == null ? new ParticipantRecord.None() : MessageCodec.record(stored);
    switch (Participation.on(record, send)) {
      case Ruling.Say say -> say(command.saga(), key, say);
      case Ruling.Wait _ -> {}
      case Ruling.Apply _ -> {
        if (storm.wrong(0.15)) {
          fail(command.saga(), send);
        } else if (storm.wrong(0.1)) {
          say(command.saga(), key, Participation.refused(send, "no"));
        } else if (storm.wrong(0.2)) {
          effect("do " + send.step());
          records.put(key, MessageCodec.record(Participation.later(send, ++begun)));
          answerWithin(600_000, command.saga(), send.step(), begun);
        } else {
          effect("do " + send.step());
          byte[] result = ("r" + send.step()).getBytes(StandardCharsets.UTF_8);
          say(command.saga(), key, Participation.applied(send, result));
        }
      }
      case Ruling.Reverse _ -> {
        if (storm.wrong(0.2)) {
          fail(command.saga(), send);
        } else {
          effect("undo " + send.step());
          say(command.saga(), key, Participation.reversed(send));
        }
      }
    }
  }

  /// Some time later: in a transaction, or in another one if the process dies in it; and again,
  /// since whoever answers need not know whether it did.
  private void answerWithin(long millis, String saga, int step, long number) {
    storm.within(
        millis,
        () -> {
          String key = RowKeys.participant(saga, step);
          byte[] stored = records.get(key);
          ParticipantRecord record =
              stored == null ? new ParticipantRecord.None() : MessageCodec.record(stored);
          if (storm.wrong(0.2)) {
            answerWithin(60_000, saga, step, number);
            answerWithin(60_000, saga, step, number);
          } else if (storm.wrong(0.2)) {
            Participation.refusedLater(record, step, number, "no")
                .ifPresent(say -> {
                  effects.remove("do " + step);
                  say(saga, key, say);
                });
          } else {
            byte[] result = ("late" + step).getBytes(StandardCharsets.UTF_8);
            Participation.answered(record, step, number, result)
                .ifPresent(say -> say(saga, key, say));
          }
        });
  }

  private void effect(String effect) {
    if (effects.contains(effect)) {
      throw new AssertionError("twice: " + effect + " in " + effects);
    }
    effects.add(effect);
  }

  private void sameAsBefore(SagaCommand command) {
    String key = command.step() + command.send().way();
    String text = command.key() + Texts.text(command.payload());
    String before = payloads.putIfAbsent(key, text);
    if (before != null && !before.equals(text)) {
      throw new AssertionError("attempts of " + key + " differ: " + before + ", " + text);
    }
  }

  private void fail(String saga, Send send) {
    String code = storm.random.nextInt(5) == 0 ? "hopeless" : "busy";
    Trigger.Reply failed =
        new Trigger.Failed(send.step(), send.way(), send.attempt(), code, "not now");
    answers.accept(saga, MessageCodec.reply(failed));
  }

  private void say(String saga, String key, Ruling.Say say) {
    records.put(key, MessageCodec.record(say.record()));
    answers.accept(saga, MessageCodec.reply(say.reply()));
  }
}
