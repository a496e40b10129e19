package dev.dormouse.room;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The room's own strongly consistent storage: keys and values that only this room sees.
///
/// Reads see every write before them, durable or not. Writes do not wait: what a turn wrote becomes
/// one atomic write set at its end, and whatever the room says afterwards waits until that is
/// durable (O1). Keys are text, sorted by their UTF-8 bytes; values are bytes, text, or objects
/// that the codec maps. Limits are those of [RoomLimits]; what exceeds them is refused with
/// [Refusal.TooLarge], what finds the room full with [Refusal.RoomFull], the disk with
/// [Refusal.StorageFull].
public interface Storage {

  Optional<byte[]> get(String key);

  Optional<String> getText(String key);

  /// Reads a value that [#putValue] wrote.
  ///
  /// @throws IllegalArgumentException if the stored bytes are not a `type`
  <T> Optional<T> getValue(String key, Class<T> type);

  void put(String key, byte[] value);

  void putText(String key, String value);

  /// Writes an object as the codec maps it; the object is not kept.
  void putValue(String key, Object value);

  /// Deletes a key and says whether it was there.
  boolean delete(String key);

  /// Deletes every key, every alarm, the schema number and all that was made in SQL, in this turn.
  void deleteAll();

  /// The entries in `range`, in its order.
  ///
  /// @throws Refusal.TooLarge if they exceed the limit for one answer; ask with a limit then
  List<Entry> list(KeyRange range);

  /// How often the room's state has changed: plus one for every turn in which its code changed
  /// keys, SQL or alarms, this turn not counted (S2). Survives everything, deletion included.
  long version();

  /// Runs `change` only if [#version] is `expected`: compare and set.
  ///
  /// @throws Refusal.VersionConflict with the current version, before `change` runs (S3)
  <T extends @Nullable Object, X extends Exception> T transition(long expected, Work<T, X> change)
      throws X;

  /// Runs `change` as a whole: if it throws, what it wrote, set and sent never happened, the throw
  /// goes on, and the room and the turn around it live. Nests. Waits inside are refused (T7).
  <T extends @Nullable Object, X extends Exception> T transaction(Work<T, X> change) throws X;

  /// Ends the turn and returns, in a new one, when all that was written before is durable.
  void sync();

  /// The room's own number for the shape of its stored data; 0 until set. [Room#onStart] can
  /// compare it and migrate.
  int schema();

  void schema(int number);

  /// The room's SQL database; only in namespaces declared `withSql()` (S4).
  ///
  /// @throws IllegalStateException in others
  SqlStorage sql();

  /// A key with its value.
  record Entry(String key, byte[] value) {
    /// The value as UTF-8 text.
    public String text() {
      return new String(value, java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
