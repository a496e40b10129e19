package dev.dormouse.saga.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One turn of a consumer group: any number of operations, then [#finish], whose changes are stored
/// as a whole. Operations see what earlier ones of the turn have done. What was answered to a
/// consumer must not leave before the changes are durable.
///
/// Each loads the rows that it needs and no more: a turn costs the same with a hundred messages in
/// the group as with a hundred thousand.
public final class GroupTurn {
  private final GroupSettings settings;
  private final Draft draft;
  private final GroupHeader header;
  private final MessageTable table;
  private final Intake intake;
  private final Leasing leasing;
  private final Retiring retiring;
  private final long now;
  private final Moved before;

  /// How long a dead letter may take to be sent before the group asks for a turn to send it again.
  private static final long LETTER_MILLIS = 5_000;

  GroupTurn(
      GroupSettings settings,
      String lineage,
      SeenKeys seen,
      GroupRows rows,
      long now,
      LongSupplier random) {
    if (now < 0) {
      throw new IllegalArgumentException("time is counted from 1970, and was " + now);
    }
    this.settings = settings;
    this.now = now;
    draft = new Draft(rows);
    header = GroupHeader.load(draft.get(GroupKeys.HEADER), random);
    table = new MessageTable(draft, header);
    intake = new Intake(settings, seen, draft, header, table, now);
    leasing = new Leasing(settings, lineage, header, table, now);
    retiring = new Retiring(settings, header, table, now);
    before = ever();
  }

  private Moved ever() {
    return new Moved(header.leases, header.again, header.acked, header.died);
  }

  /// What the turn has done so far.
  public Moved moved() {
    Moved after = ever();
    return new Moved(
        after.delivered() - before.delivered(),
        after.again() - before.again(),
        after.acked() - before.acked(),
        after.dead() - before.dead());
  }

  // From the log

  /// Where to read the log next.
  public long position() {
    return header.position;
  }

  /// How many more messages the group takes now; 0 when its window is full.
  public int room() {
    return intake.room();
  }

  /// Takes in what was read from the log at [#position]; says how many messages were new. Entries
  /// that find no room are left, and so is the position before them. A page that begins later, or
  /// has gaps, counts what is missing as lost.
  public int take(LogPage page) {
    return intake.take(page);
  }

  /// Whether the group has never stored anything.
  public boolean isNew() {
    return draft.get(GroupKeys.HEADER) == null;
  }

  /// Where a new group begins in the log: at its first entry, at its end, or between.
  ///
  /// @throws IllegalStateException if the group is not new
  public void begin(long position) {
    if (!isNew()) {
      throw new IllegalStateException(
          "group " + settings.group() + " has begun, and stands at " + header.position);
    }
    header.position = position;
  }

  /// Compares the group with the log that it finds, at the start and before reading: `first` and
  /// `end` are the log's. If the log has lost its tail, what the group has of it is dropped, since
  /// its producers will append it again, and the epoch rises; returns true then.
  public boolean reconcile(long first, long end) {
    return intake.reconcile(first, end);
  }

  // Consumers

  /// Hands out up to `limit` messages, the oldest first. Fewer than there are room for means that
  /// the log should be read on. None while the group is paused.
  public List<Lease> lease(int limit, Duration visibility) {
    checkVisibility(visibility);
    endTimes();
    return leasing.lease(limit, visibility);
  }

  /// Done with: [Settled#ACKED], [Settled#ALREADY] or [Settled#STALE_LEASE]. An answer that comes
  /// after its lease ran out counts if nobody else was handed the message meanwhile.
  ///
  /// @throws IllegalArgumentException if that is no lease id
  public Settled ack(String lease) {
    return leasing.ack(lease);
  }

  /// Failed: handed out again after `delay` or the back-off, whichever is longer; given up if it
  /// has been handed out often enough.
  ///
  /// @param error why, for people; cut after 500 characters
  /// @throws IllegalArgumentException if that is no lease id, or no delay
  public Settled retry(String lease, Duration delay, String error) {
    return leasing.retry(lease, delay, error);
  }

  /// Lets who has a lease keep the message for `visibility` from now on; the attempt stays the
  /// same. A lease that ran out can be taken up again as long as nobody else was handed the
  /// message.
  ///
  /// @throws IllegalArgumentException if that is no lease id, or no time for a lease
  public Settled extend(String lease, Duration visibility) {
    checkVisibility(visibility);
    return leasing.extend(lease, visibility);
  }

  private static void checkVisibility(Duration visibility) {
    if (!visibility.isPositive() || visibility.compareTo(GroupSettings.MAX_VISIBILITY) > 0) {
      throw new IllegalArgumentException("a lease lasts up to 12 hours, not " + visibility);
    }
  }

  // Time

  /// Does what is due: delays and leases that ended, rows of purged messages. A bounded part of it
  /// at a time; [#finish] then asks for the next turn at once.
  public void wake() {
    endTimes();
    retiring.sweep();
  }

  private void endTimes() {
    table.due(now, Retiring.AT_ONCE).forEach(leasing::due);
  }

  // Dead letters

  /// Dead letters that have still to be appended to the dead-letter queue, oldest first. To be
  /// appended after the changes are durable, then reported with [#letterSent].
  public List<PendingLetter> letters(int limit) {
    List<PendingLetter> letters = new ArrayList<>();
    for (long position : table.positions(GroupKeys.LETTERS, 0, limit)) {
      MessageRow row = table.dead(position);
      if (row == null) {
        throw new IllegalStateException("dead letter " + position + " has no row");
      }
      letters.add(
          new PendingLetter(
              position,
              new DeadLetter(
                  settings.queue(), settings.group(), position, row.attempts(), row.error())));
    }
    return letters;
  }

  /// The dead letter is durable in its queue. Says whether it was expected; again is no harm.
  public boolean letterSent(long position) {
    return table.letterSent(position);
  }

  /// Gives up a message at once, say because the log cannot give its payload.
  public boolean giveUp(long position, String error) {
    MessageRow row = table.unresolved(position);
    if (row == null || position < header.purgedTo) {
      return false;
    }
    table.change(position, row, row.dead(error));
    return true;
  }

  /// Hands a message out again that was given up, as if it had never been tried, in this group
  /// only. False if it is not there: never dead, or no longer in the log, and then to be taken from
  /// the dead-letter queue. A line's other messages do not wait for one that comes back.
  public boolean redrive(long position) {
    MessageRow row = table.dead(position);
    if (row == null) {
      return false;
    }
    table.change(position, row, row.redriven(now));
    return true;
  }

  /// Drives up to `limit` of them again, oldest first; says how many.
  public int redriveAll(int limit) {
    List<Long> dead = table.positions(GroupKeys.DEAD, 0, limit);
    dead.forEach(this::redrive);
    return dead.size();
  }

  // Operators

  /// Hands nothing out until [#resume]; leases that are out can be answered, times go on.
  public void pause() {
    header.paused = true;
  }

  public void resume() {
    header.paused = false;
  }

  /// Drops all that is not settled and lies before `end`, the log's end: ready, delayed, leased and
  /// not yet read. What was given up stays.
  public void purge(long end) {
    retiring.purge(end);
  }

  /// Looks at up to `limit` messages from position `from` on that are in `state`, or in any
  /// unresolved one; changes nothing.
  public List<KnownMessage> peek(@Nullable MessageState state, long from, int limit) {
    boolean dead = state == MessageState.DEAD;
    String prefix = dead ? GroupKeys.DEAD : GroupKeys.MESSAGES;
    List<KnownMessage> found = new ArrayList<>();
    for (long position = dead ? from : Math.max(from, header.purgedTo); ; ) {
      List<Long> some = table.positions(prefix, position, limit);
      for (long each : some) {
        MessageRow row = dead ? table.dead(each) : table.unresolved(each);
        if (row != null && (state == null || row.state() == state) && found.size() < limit) {
          found.add(
              new KnownMessage(
                  each, row.state(), row.key(), row.attempts(), row.time(), row.error()));
        }
      }
      if (some.size() < limit || found.size() == limit) {
        return found;
      }
      position = some.getLast() + 1;
    }
  }

  public GroupStatus status() {
    return new GroupStatus(
        header.position,
        lowWater(),
        header.logEpoch,
        header.paused,
        header.count(MessageState.READY),
        header.count(MessageState.DELAYED),
        header.count(MessageState.LEASED),
        header.count(MessageState.DEAD),
        header.letters,
        header.taken,
        header.duplicates,
        header.leases,
        header.again,
        header.acked,
        header.lost);
  }

  /// What lies before it in the log is no longer needed: the oldest message that is unresolved or
  /// whose dead letter has still to be sent, or the position if there is none.
  public long lowWater() {
    GroupRows.Row message = draft.first(GroupKeys.MESSAGES, header.purgedTo);
    GroupRows.Row letter = draft.first(GroupKeys.LETTERS, 0);
    long low = header.position;
    if (message != null) {
      low = Math.min(low, GroupKeys.position(message.key()));
    }
    return letter == null ? low : Math.min(low, GroupKeys.position(letter.key()));
  }

  /// Ends the turn: what is to be stored, and when the group wants the next. Messages that have
  /// become too old are given up here, a bounded number at a time.
  public GroupChanges finish() {
    retiring.giveUpOld();
    byte[] after = header.encode();
    byte[] before = draft.get(GroupKeys.HEADER);
    if (before == null || !Arrays.equals(before, after)) {
      draft.put(GroupKeys.HEADER, after);
    }
    return new GroupChanges(draft.changes(), nextAlarm());
  }

  private OptionalLong nextAlarm() {
    long next = table.nextTime();
    if (header.letters > 0) {
      next = Math.min(next, now + LETTER_MILLIS);
    }
    if (header.ageNext > 0) {
      next = Math.min(next, header.ageNext);
    }
    if (header.purgedTo > 0) {
      next = Math.min(next, now);
    }
    return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
  }
}
