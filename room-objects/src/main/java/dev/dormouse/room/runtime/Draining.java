package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.Execution.Signal;

/// Runs what waits at a room's gate: whoever is woken for it has the baton, and handles one event
/// after the other until a handler wants back in or nothing is left.
///
/// Has no state of its own; the gate is guarded by the room's lock.
final class Draining {
  /// How many events of a non-blocking namespace are handled before their output is let go.
  private static final int GATHER = 64;

  private final RoomHost host;

  Draining(RoomHost host) {
    this.host = host;
  }

  /// If the gate is open and somebody waits: lets the next one in. Under the lock.
  void wake() {
    if (!host.gate.isOpen() || !host.gate.hasWaiting()) {
      return;
    }
    switch (host.readiness.phase()) {
      case UNLOADED -> host.readiness.load();
      case READY -> {
        Activation back = host.gate.readmit();
        if (back != null) {
          admit(back);
          return;
        }
        InputGate.Baton baton = new InputGate.Baton();
        host.gate.take(baton);
        if (!mayRunInline() || !Reading.gather(() -> run(baton, true))) {
          elsewhere(baton);
        }
      }
      case LOADING, CROWDED, SETTLING, RESTING, ASLEEP -> {}
    }
  }

  private static void admit(Activation back) {
    Signal enter = back.enter;
    if (enter == null) {
      throw new IllegalStateException("a handler waits for the gate without a signal");
    }
    enter.complete();
  }

  private void elsewhere(InputGate.Baton baton) {
    host.node.execution().start("room " + host.id, () -> run(baton, false));
  }

  /// Whether the next event can be handled by a thread that must not wait: nothing of what it needs
  /// has to be read first.
  private boolean mayRunInline() {
    RoomView now = host.readiness.view();
    Item next = host.gate.peek();
    return host.namespace.nonBlocking()
        && now != null
        && now.isWhole()
        && (next == null || !host.recall.mustRead(next));
  }

  /// A state that has outgrown the memory leaves it between two events. Under the lock, while
  /// nobody is in a turn.
  void shed(RoomView view) {
    if (view.shed()) {
      host.weight.settle();
    }
  }

  /// Handles one event after the other for as long as this thread has the baton.
  private void run(InputGate.Baton baton, boolean inline) {
    for (int handled = 1; ; handled++) {
      Item item = null;
      synchronized (host) {
        RoomView now = host.readiness.view();
        if (now != null && host.gate.isHeldBy(baton)) {
          shed(now);
        }
        if (host.gate.isHeldBy(baton) && inline && host.gate.hasWaiting() && !mayRunInline()) {
          elsewhere(baton);
        } else if (host.gate.isHeldBy(baton)) {
          switch (host.gate.next(host.readiness.isReady())) {
            case InputGate.Next.Handle(Item next) -> {
              item = next;
              host.timeLimits.watch();
            }
            case InputGate.Next.Resume(Activation next) -> admit(next);
            case InputGate.Next.Rest() -> host.sleep.used();
          }
        }
      }
      if (item == null) {
        break;
      }
      host.dispatch.handle(item, baton, inline);
      host.node.observer().eventDone(host.id);
      if (!host.namespace.nonBlocking() || handled % GATHER == 0) {
        host.output.release();
      }
    }
    host.release();
  }
}
