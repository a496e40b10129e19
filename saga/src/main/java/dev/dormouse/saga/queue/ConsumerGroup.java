package dev.dormouse.saga.queue;

import java.util.function.LongSupplier;

/// A consumer group: which messages of a queue are handed out to whom, which are settled, which are
/// given up. A pure state machine over rows that somebody else stores; it knows no clock, no log
/// and no room.
///
/// All it decides is in its rows. What this object keeps in memory is a copy that is checked
/// against them, so that a turn may be undone, and the object dropped, at any time. One turn after
/// the other, as a room's turns are; not for several threads at once.
public final class ConsumerGroup {
  private final GroupSettings settings;
  private final SeenKeys seen;
  private final String lineage;

  public ConsumerGroup(GroupSettings settings) {
    this(settings, "");
  }

  /// @param lineage keeps lease ids apart from those that the original of a restored folder has
  ///   given out after the backup; empty for an original
  public ConsumerGroup(GroupSettings settings, String lineage) {
    this.settings = settings;
    this.lineage = lineage;
    this.seen = new SeenKeys(settings.rememberedKeys());
  }

  public GroupSettings settings() {
    return settings;
  }

  /// Begins a turn on the rows as they are now.
  ///
  /// @param now milliseconds since 1970; may jump in both directions
  /// @param random asked once in a group's life, for what makes its lease ids unguessable
  public GroupTurn turn(GroupRows rows, long now, LongSupplier random) {
    return new GroupTurn(settings, lineage, seen, rows, now, random);
  }
}
