package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.MessageCodec.Remembered;
import dev.dormouse.saga.engine.ParticipantRecord;
import dev.dormouse.saga.engine.RowKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What this room remembers of steps, for as long as a command about them may come.
///
/// It asks their owners whether the sagas have ended: along with answers, and of what is left by
/// then, when an alarm rings. A record is asked for at twice its age each time, so sagas that take
/// long do not keep rooms awake.
final class Records {
  static final String ALARM = "records";

  /// What a room remembers of its own calls outside is deleted by itself.
  static final String OUTSIDE = RowKeys.PARTICIPANT + "outside/";

  /// When the alarm rang last, in milliseconds since 1970 UTC, as a text.
  private static final String RANG = "asked";

  /// The longest time between two questions, in times of the shortest.
  private static final int LONGEST = 256;

  /// How much longer what will be answered later is left alone: it takes long by its nature.
  private static final int LATER = 16;

  /// How many rows are looked at together, and how many steps are asked for in one message.
  private static final int PAGE = 500;

  private static final int STEPS = 200;

  /// How many are asked for along with an answer, how many are remembered for that, and of how many
  /// owners.
  private static final int ASIDE = 8;

  private static final int RECENT = 64;
  private static final int OWNERS = 2_000;

  private final FacilityRoom room;
  private final long patience;

  /// Written lately. Only in memory; used in turns only, one at a time.
  private final Map<RoomId, Set<StepName>> recent = new HashMap<>();

  /// @param patience after how long a record is asked for by itself
  Records(FacilityRoom room, Duration patience) {
    this.room = room;
    this.patience = Math.max(1, patience.toMillis());
  }

  /// @param started which saga of that id; a record of an earlier one counts as none
  ParticipantRecord get(RoomId owner, StepName step, long started) {
    return find(owner, step)
        .filter(found -> found.started() == started)
        .map(Remembered::record)
        .orElseGet(ParticipantRecord.None::new);
  }

  Optional<Remembered> find(RoomId owner, StepName step) {
    return room.get(key(owner, step)).map(MessageCodec::remembered);
  }

  void put(RoomId owner, StepName step, long started, ParticipantRecord record) {
    long now = room.clock().millis();
    room.put(key(owner, step), MessageCodec.record(new Remembered(record, started, now)));
    ringBy(now + patience(record));
    if (!(record instanceof ParticipantRecord.Due)) {
      if (recent.size() >= OWNERS && !recent.containsKey(owner)) {
        recent.clear();
      }
      Set<StepName> steps = recent.computeIfAbsent(owner, _ -> new LinkedHashSet<>());
      if (steps.size() < RECENT) {
        steps.add(step);
      }
    }
  }

  private void ringBy(long due) {
    if (room.alarm(ALARM).orElse(Long.MAX_VALUE) > due) {
      room.setAlarm(ALARM, due);
    }
  }

  /// What an owner may be asked for along with the answer about another step.
  List<StepName> aside(RoomId owner, StepName but) {
    Set<StepName> steps = recent.get(owner);
    return steps == null
        ? List.of()
        : steps.stream().filter(step -> !step.equals(but)).limit(ASIDE).toList();
  }

  /// Sagas have ended, and no command about these steps can follow.
  void forget(RoomId owner, List<StepName> ended) {
    Set<StepName> steps = recent.getOrDefault(owner, Set.of());
    for (StepName step : ended) {
      if (room.get(key(owner, step)).isPresent()) {
        room.delete(key(owner, step));
      }
      if (!steps.isEmpty()) {
        steps.remove(step);
      }
    }
  }

  /// The same, where nothing else is remembered in this turn: if nothing is left the alarm goes.
  void forgetAsked(RoomId owner, List<StepName> ended) {
    forget(owner, ended);
    if (room.list(RowKeys.PARTICIPANT, 1).isEmpty()) {
      room.deleteAlarm(ALARM);
      if (room.get(RANG).isPresent()) {
        room.delete(RANG);
      }
    }
  }

  /// The alarm rings; it is set again while there is anything to ask for.
  ///
  /// @return what to ask of whom
  Map<RoomId, List<List<StepName>>> ring() {
    long now = room.clock().millis();
    long last = room.get(RANG).map(Records::number).orElse(0L);
    Map<RoomId, List<List<StepName>>> asks = new LinkedHashMap<>();
    long next = Long.MAX_VALUE;
    String after = "";
    List<Storage.Entry> page;
    do {
      page = room.list(RowKeys.PARTICIPANT, after, PAGE);
      for (Storage.Entry row : page) {
        after = row.key();
        Remembered kept =
            row.key().startsWith(OUTSIDE) ? null : MessageCodec.remembered(row.value());
        if (kept == null) {
          continue;
        }
        long first = patience(kept.record());
        long asked = askedBy(now - kept.at(), first);
        if (asked > Math.max(0, last - kept.at())) {
          add(asks, row.key());
        }
        next = Math.min(next, kept.at() + askedAfter(now - kept.at(), first));
      }
    } while (page.size() == PAGE);
    if (next < Long.MAX_VALUE) {
      room.put(RANG, Long.toString(now).getBytes(StandardCharsets.UTF_8));
      room.setAlarm(ALARM, Math.max(next, now + patience));
    } else if (last != 0) {
      room.delete(RANG);
    }
    return asks;
  }

  private static void add(Map<RoomId, List<List<StepName>>> asks, String key) {
    String rest = key.substring(RowKeys.PARTICIPANT.length());
    int step = rest.lastIndexOf('/');
    int saga = rest.lastIndexOf('/', step - 1);
    List<List<StepName>> messages =
        asks.computeIfAbsent(Lane.peer(rest.substring(0, saga)), _ -> new ArrayList<>());
    if (messages.isEmpty() || messages.getLast().size() == STEPS) {
      messages.add(new ArrayList<>());
    }
    messages
        .getLast()
        .add(
            new StepName(
                rest.substring(saga + 1, step), Integer.parseInt(rest.substring(step + 1))));
  }

  private long patience(ParticipantRecord record) {
    return record instanceof ParticipantRecord.Due ? LATER * patience : patience;
  }

  /// The greatest age, up to `age`, at which a record is asked for; 0 if there is none.
  private long askedBy(long age, long first) {
    if (age < first) {
      return 0;
    }
    long longest = LONGEST * patience;
    return age >= longest ? age / longest * longest : first * Long.highestOneBit(age / first);
  }

  /// The next age at which it is.
  private long askedAfter(long age, long first) {
    long by = askedBy(age, first);
    return by == 0 ? first : Math.min(2 * by, by + LONGEST * patience);
  }

  private static long number(byte[] text) {
    return Long.parseLong(new String(text, StandardCharsets.UTF_8));
  }

  private static String key(RoomId owner, StepName step) {
    return RowKeys.PARTICIPANT + Lane.word(owner) + "/" + step.saga() + "/" + step.step();
  }
}
