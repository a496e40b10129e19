package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.testkit.FailpointExecution;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// The process that [LogKillIT] kills: appends batches for ever, several of them outstanding,
/// deletes old files, and tells on its output what it submitted and what was acknowledged.
///
/// `LogKillWriter folder failpoint pass`: halts when it passes the failpoint for the `pass`-th
/// time.
final class LogKillWriter {
  static final byte OPENED = 'o';
  static final byte SUBMITTED = 's';
  static final byte ACKNOWLEDGED = 'a';
  static final LogSettings SETTINGS =
      LogSettings.defaults()
          .withMessages(64 * 1024, 4 * 64 * 1024)
          .withReserve(0)
          .withFiles(300_000, Duration.ofDays(1));
  private static final int OUTSTANDING = 3;

  private final DataOutputStream out = new DataOutputStream(System.out);

  private LogKillWriter() {}

  public static void main(String[] args) throws Exception {
    AtomicInteger passes = new AtomicInteger(Integer.parseInt(args[2]));
    ChronicleQueueLog log =
        ChronicleQueueLog.open(
            Path.of(args[0]),
            SETTINGS,
            new FailpointExecution() {
              @Override
              public void failpoint(String name) {
                if (name.equals(args[1]) && passes.decrementAndGet() == 0) {
                  Runtime.getRuntime().halt(9);
                }
              }
            });
    new LogKillWriter().write(log);
  }

  private void write(ChronicleQueueLog log) {
    tell(OPENED, log.end());
    Semaphore free = new Semaphore(OUTSTANDING);
    Random random = new Random();
    for (long position = log.end(); ; ) {
      List<QueueMessage> batch = new ArrayList<>();
      for (int size = 1 + random.nextInt(20); size > 0; size--) {
        batch.add(message(position++));
      }
      long end = position;
      free.acquireUninterruptibly();
      tell(SUBMITTED, end);
      CompletableFuture<Long> _ =
          log.append(batch)
              .whenComplete((first, failure) -> {
                if (failure != null || first != end - batch.size()) {
                  Runtime.getRuntime().halt(1);
                }
                tell(ACKNOWLEDGED, end);
                free.release();
              });
      if (random.nextInt(50) == 0) {
        CompletableFuture<Integer> _ =
            log.delete(end - 2_000, Instant.ofEpochMilli(Long.MAX_VALUE));
      }
    }
  }

  /// The message at a position depends on the position alone.
  static QueueMessage message(long position) {
    Random random = new Random(position);
    byte[] payload = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300)];
    random.nextBytes(payload);
    return QueueMessage.of("k" + position, ContentType.BYTES, payload).from("room", position + 1);
  }

  /// What reaches the pipe survives a kill.
  private synchronized void tell(byte what, long position) {
    try {
      out.writeByte(what);
      out.writeLong(position);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
