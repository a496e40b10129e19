package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Position;
import dev.dormouse.testkit.FailpointExecution;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The process that [KillTest] kills: writes to many rooms for ever, several sets of each room
/// outstanding, and tells on its output what it submitted and what was acknowledged.
///
/// `KillWriter folder files failpoint pass`: halts when it passes the failpoint for the `pass`-th
/// time; never where the failpoint is `none`.
final class KillWriter {
  static final int ROOMS = 20;
  static final int OUTSTANDING = 3;
  static final byte OPENED = 'o';
  static final byte SUBMITTED = 's';
  static final byte ACKNOWLEDGED = 'a';

  private final DataOutputStream out = new DataOutputStream(System.out);

  private KillWriter() {}

  public static void main(String[] args) throws Exception {
    String target = args[2];
    AtomicInteger passes = new AtomicInteger(Integer.parseInt(args[3]));
    // A file is opened again only after a failed commit, so one must fail there.
    boolean afterFailure = target.equals(StoreFailpoints.BEFORE_REOPEN);
    String counted = afterFailure ? StoreFailpoints.AFTER_COMMIT : target;
    SqliteRoomStore store =
        SqliteRoomStore.open(
            Path.of(args[0]),
            StoreSettings.defaults().withFiles(Integer.parseInt(args[1])),
            new FailpointExecution() {
              @Override
              public void failpoint(String name) {
                boolean now = name.equals(counted) && passes.decrementAndGet() == 0;
                if (now && afterFailure) {
                  throw new UncheckedIOException(new IOException("made up"));
                }
                if (now || (afterFailure && name.equals(target))) {
                  Runtime.getRuntime().halt(9);
                }
              }
            });
    new KillWriter().write(store);
  }

  private void write(SqliteRoomStore store) throws Exception {
    tell(OPENED, 0, 0);
    List<Thread> rooms = new ArrayList<>();
    for (int number = 0; number < ROOMS; number++) {
      int room = number;
      rooms.add(Thread.ofVirtual().start(() -> writeFor(store, room)));
    }
    for (Thread room : rooms) {
      room.join();
    }
  }

  private void writeFor(SqliteRoomStore store, int number) {
    RoomId room = KillModel.room(number);
    Semaphore free = new Semaphore(OUTSTANDING);
    // Loading is a way of its own to be killed in.
    long sequence = store.load(room).join().sequence();
    while (true) {
      long next = ++sequence;
      free.acquireUninterruptibly();
      tell(SUBMITTED, number, next);
      CompletableFuture<Position> _ =
          store
              .commit(KillModel.set(store.epoch(), number, next))
              .whenComplete((_, failure) -> answered(number, next, failure, free));
      if (next % 7 == 0) {
        store.load(room).join();
      }
    }
  }

  private void answered(int room, long sequence, @Nullable Throwable failure, Semaphore free) {
    if (failure != null) {
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    tell(ACKNOWLEDGED, room, sequence);
    free.release();
  }

  /// What reaches the pipe survives a kill.
  private synchronized void tell(byte what, int room, long sequence) {
    try {
      out.writeByte(what);
      out.writeInt(room);
      out.writeLong(sequence);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
