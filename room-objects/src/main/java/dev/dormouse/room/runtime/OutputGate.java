package dev.dormouse.room.runtime;

import dev.dormouse.room.HttpReply;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.Sockets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Holds back what the room says to the world until the writes that it depends on are durable (O1).
/// If a write fails, what was held behind it is never sent (O2).
///
/// Batches leave in turn order (O4), through one thread at a time; ungated effects have a lane of
/// their own (O5). Fields are guarded by the room's lock, which is this object's `lock`; effects
/// are applied outside it.
final class OutputGate {

  /// What one turn says, once sequence `needs` is durable.
  ///
  /// @param afterEarlier whether earlier turns of the same handler stand, whatever becomes of this
  /// @param undo takes back the turn's changes to the runtime's own memory, should it never have
  ///   been; run in reverse
  /// @param left told null when the batch has left, or the reset when it was discarded
  record Batch(
      long needs,
      boolean afterEarlier,
      List<Effect> effects,
      List<Runnable> undo,
      List<Consumer<@Nullable RoomReset>> left) {

    long bytes() {
      long bytes = 0;
      for (Effect effect : effects) {
        bytes +=
            switch (effect) {
              case Effect.Send send -> 32 + send.message().bytes().length;
              case Effect.Broadcast broadcast -> 32 + broadcast.message().bytes().length;
              case Effect.Join _,
                  Effect.Retag _,
                  Effect.Leave _,
                  Effect.Close _,
                  Effect.Tell _,
                  Effect.AutoRespond _ ->
                  32;
              case Effect.Reply(_, HttpReply reply) ->
                  64 + (reply.body() instanceof HttpReply.Bytes body ? body.bytes().length : 0);
              case Effect.Admit _, Effect.Decline _ -> 64;
            };
      }
      return bytes;
    }
  }

  private final Object lock;
  private final RoomId room;
  private final Sockets sockets;
  private final RoomObserver observer;

  /// What all gates of the node hold, in bytes.
  private final LongAdder all;

  private final Deque<Batch> held = new ArrayDeque<>();
  private List<Effect> ungated = new ArrayList<>();

  /// What leaves for other rooms without waiting.
  private List<Runnable> early = new ArrayList<>();

  private long durable;
  private long heldBytes;
  private boolean applying;

  OutputGate(Object lock, RoomId room, Sockets sockets, RoomObserver observer) {
    this(lock, room, sockets, observer, new LongAdder());
  }

  /// @param all counts what is held here too, in bytes
  OutputGate(Object lock, RoomId room, Sockets sockets, RoomObserver observer, LongAdder all) {
    this.all = all;
    this.lock = lock;
    this.room = room;
    this.sockets = sockets;
    this.observer = observer;
  }

  /// Begins anew behind what is stored.
  void startAt(long durable) {
    this.durable = durable;
  }

  void add(Batch batch) {
    held.add(batch);
    hold(batch.bytes());
  }

  private void hold(long bytes) {
    heldBytes += bytes;
    all.add(bytes);
  }

  void addUngated(Effect effect) {
    ungated.add(effect);
  }

  /// A message for another room, which leaves before all that waits.
  void addEarly(Runnable message) {
    early.add(message);
  }

  /// All write sets up to `sequence` are durable; [#release] lets go what waited for them.
  void durableUpTo(long sequence) {
    durable = Math.max(durable, sequence);
  }

  long durable() {
    return durable;
  }

  long heldBytes() {
    return heldBytes;
  }

  boolean isEmpty() {
    return held.isEmpty() && ungated.isEmpty() && early.isEmpty() && !applying;
  }

  /// Discards every batch that depends on `sequence` or later. Facts about sockets stay, whoever
  /// waits is told `reset`, the rest is gone. What remains leaves with the next [#release].
  ///
  /// @param reset makes the error for a batch, given whether earlier turns stand
  void discardFrom(long sequence, Function<Boolean, RoomReset> reset) {
    List<Batch> discarded = new ArrayList<>();
    while (!held.isEmpty() && held.getLast().needs >= sequence) {
      Batch batch = held.removeLast();
      hold(-batch.bytes());
      discarded.addFirst(batch);
      batch.undo.reversed().forEach(Runnable::run);
    }
    for (Batch batch : discarded) {
      RoomReset error = reset.apply(batch.afterEarlier);
      List<Effect> facts = new ArrayList<>();
      for (Effect effect : batch.effects) {
        switch (effect) {
          case Effect.Join _, Effect.Leave _ -> facts.add(effect);
          case Effect.Admit(long exchange, _) -> facts.add(new Effect.Decline(exchange, error));
          case Effect.Reply(long exchange, _) -> facts.add(new Effect.Decline(exchange, error));
          case Effect.Decline(long exchange, _) -> facts.add(new Effect.Decline(exchange, error));
          case Effect.Send _,
              Effect.Broadcast _,
              Effect.Retag _,
              Effect.Close _,
              Effect.Tell _,
              Effect.AutoRespond _ -> {}
        }
      }
      // Behind the batches that stand, and needing nothing that failed.
      List<Consumer<@Nullable RoomReset>> left = new ArrayList<>();
      for (Consumer<@Nullable RoomReset> waiting : batch.left) {
        left.add(_ -> waiting.accept(error));
      }
      add(new Batch(Math.min(batch.needs, sequence - 1), false, facts, List.of(), left));
    }
  }

  /// Applies all that may leave, on this thread, unless another thread is at it: that one then goes
  /// on. To be called without the lock.
  void release() {
    while (true) {
      List<Runnable> messages;
      List<Effect> effects;
      List<Consumer<@Nullable RoomReset>> left = new ArrayList<>();
      synchronized (lock) {
        if (applying
            || (early.isEmpty()
                && ungated.isEmpty()
                && (held.isEmpty() || held.peek().needs > durable))) {
          return;
        }
        messages = early;
        early = new ArrayList<>();
        effects = ungated;
        ungated = new ArrayList<>();
        for (Batch batch = held.peek();
            batch != null && batch.needs <= durable;
            batch = held.peek()) {
          held.remove();
          hold(-batch.bytes());
          effects.addAll(batch.effects);
          left.addAll(batch.left);
        }
        applying = true;
      }
      for (Runnable message : messages) {
        try {
          message.run();
        } catch (RuntimeException | Error e) {
          observer.runtimeFailed("bringing a message of " + room, e);
        }
      }
      if (!effects.isEmpty()) {
        try {
          sockets.apply(room, effects);
        } catch (RuntimeException | Error e) {
          observer.runtimeFailed("applying effects of " + room, e);
        }
      }
      // Even after a failure, whoever waits must hear: what they wait for is durable.
      for (Consumer<@Nullable RoomReset> waiting : left) {
        try {
          waiting.accept(null);
        } catch (RuntimeException | Error e) {
          observer.runtimeFailed("answering for " + room, e);
        }
      }
      synchronized (lock) {
        applying = false;
      }
    }
  }

  /// A broadcast's exclusions as the port wants them.
  static Set<Long> keys(dev.dormouse.room.Connection... connections) {
    return java.util.Arrays.stream(connections)
        .map(dev.dormouse.room.Connection::key)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }
}
