package dev.dormouse.testkit;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [ConnectionRecords] in memory. A thread of the execution answers the calls one by one, in their
/// order, so that they take their time as a file's do; before each it passes the failpoint
/// `scratch.call`, where the seed may let others go first and a test may throw, which fails that
/// call.
///
/// Guarded by itself.
public final class MemoryConnectionRecords implements ConnectionRecords {
  private final Execution execution;
  private final Map<RoomId, Held> rooms = new HashMap<>();
  private final Deque<Waiting<?>> waiting = new ArrayDeque<>();
  private Faults faults = (call, room) -> Optional.empty();
  private boolean answering;
  private boolean closed;

  /// The methods of the port.
  public enum Call {
    SAVE,
    SLEEPS,
    SLEPT,
    ENDED,
    FORGET,
    READ,
    PAGE
  }

  /// Decides which calls fail, with [IOException].
  @FunctionalInterface
  public interface Faults {
    /// Why this call fails; empty if it does not.
    Optional<String> of(Call call, RoomId room);
  }

  /// What is held of one room.
  private static final class Held {
    private final NavigableMap<Long, ConnectionRecord> records = new TreeMap<>();
    private @Nullable Slept slept;

    void ended(long key) {
      ConnectionRecord record = records.remove(key);
      Slept before = slept;
      if (record != null && before != null) {
        slept = before.without(record.closing());
      }
    }
  }

  private record Waiting<T extends @Nullable Object>(
      Call call, RoomId room, boolean late, Supplier<T> work, CompletableFuture<T> answer) {

    Runnable fail(String why, @Nullable Throwable cause) {
      IOException failure =
          new IOException("room " + room + ": its connection records failed: " + why, cause);
      return () -> answer.completeExceptionally(failure);
    }

    Runnable run() {
      T result = work.get();
      return () -> answer.complete(result);
    }
  }

  public MemoryConnectionRecords(Execution execution) {
    this.execution = execution;
  }

  public synchronized void faults(Faults faults) {
    this.faults = faults;
  }

  /// How many records of a room are held.
  public synchronized int count(RoomId room) {
    Held held = rooms.get(room);
    return held == null ? 0 : held.records.size();
  }

  /// How many records are held in all.
  public synchronized int total() {
    return rooms.values().stream().mapToInt(held -> held.records.size()).sum();
  }

  @Override
  public CompletableFuture<@Nullable Void> save(
      RoomId room, List<ConnectionRecord> changed, Collection<Long> gone) {
    List<ConnectionRecord> toWrite = copies(changed);
    List<Long> toDelete = List.copyOf(gone);
    return write(
        Call.SAVE,
        room,
        () -> {
          Held held = held(room);
          toWrite.forEach(record -> held.records.put(record.key(), record));
          toDelete.forEach(held.records::remove);
        });
  }

  @Override
  public CompletableFuture<@Nullable Void> sleeps(RoomId room, Slept slept) {
    return write(Call.SLEEPS, room, () -> held(room).slept = slept);
  }

  @Override
  public CompletableFuture<Optional<Slept>> slept(RoomId room) {
    return look(Call.SLEPT, room, held -> Optional.ofNullable(held.slept));
  }

  @Override
  public CompletableFuture<@Nullable Void> ended(RoomId room, long key) {
    return write(Call.ENDED, room, () -> held(room).ended(key));
  }

  @Override
  public CompletableFuture<@Nullable Void> forget(RoomId room) {
    return write(Call.FORGET, room, () -> rooms.remove(room));
  }

  @Override
  public CompletableFuture<List<ConnectionRecord>> read(RoomId room, Collection<Long> keys) {
    List<Long> inOrder = List.copyOf(new TreeSet<>(keys));
    return look(
        Call.READ,
        room,
        held -> copies(inOrder.stream().map(held.records::get).filter(Objects::nonNull).toList()));
  }

  @Override
  public CompletableFuture<List<ConnectionRecord>> page(
      RoomId room, @Nullable String tag, long after, int limit) {
    return look(
        Call.PAGE,
        room,
        held ->
            copies(
                held.records.tailMap(after, /* inclusive= */ false).values().stream()
                    .filter(record -> tag == null || record.tags().contains(tag))
                    .limit(Math.max(0, limit))
                    .toList()));
  }

  /// As a file would: who changes an array later changes nothing here.
  private static List<ConnectionRecord> copies(List<ConnectionRecord> records) {
    return records.stream()
        .map(record ->
            new ConnectionRecord(
                record.key(),
                record.subProtocol(),
                Set.copyOf(record.tags()),
                record.attachment().clone(),
                record.hearsClose(),
                record.access(),
                record.closing()))
        .toList();
  }

  private Held held(RoomId room) {
    return rooms.computeIfAbsent(room, _ -> new Held());
  }

  private CompletableFuture<@Nullable Void> write(Call call, RoomId room, Runnable work) {
    return ask(
        call,
        room,
        () -> {
          work.run();
          return null;
        });
  }

  private <T> CompletableFuture<T> look(Call call, RoomId room, Function<Held, T> question) {
    return ask(call, room, () -> question.apply(rooms.getOrDefault(room, new Held())));
  }

  private synchronized <T extends @Nullable Object> CompletableFuture<T> ask(
      Call call, RoomId room, Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    waiting.add(new Waiting<>(call, room, closed, work, answer));
    if (!answering) {
      answering = true;
      execution.start("memory records", this::answer);
    }
    return answer;
  }

  private void answer() {
    for (Waiting<?> next = next(); next != null; next = next()) {
      Runnable answer;
      try {
        execution.failpoint("scratch.call");
        answer = decide(next);
      } catch (RuntimeException thrownByATest) {
        answer = next.fail(thrownByATest.toString(), thrownByATest);
      }
      answer.run();
    }
  }

  private synchronized @Nullable Waiting<?> next() {
    Waiting<?> next = waiting.poll();
    answering = next != null;
    return next;
  }

  private synchronized Runnable decide(Waiting<?> next) {
    if (next.late()) {
      return next.fail("they are closed", null);
    }
    Optional<String> fault = faults.of(next.call(), next.room());
    return fault.isPresent() ? next.fail(fault.get(), null) : next.run();
  }

  /// What was asked before is still answered.
  @Override
  public synchronized void close() {
    closed = true;
  }
}
