package dev.dormouse.saga.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes while a batch is being appended: of the pages written since the last sync, any
/// may have reached the disk and any may not. The files are put together page by page from how they
/// were at the sync and how they were at the end.
///
/// `-Dpower.seed` repeats a run, `-Dpower.rounds` makes a longer one.
class PowerLossTest {
  private static final int PAGE = 4096;
  private static final long SEED = Long.getLong("power.seed", new Random().nextLong());
  private static final int ROUNDS = Integer.getInteger("power.rounds", 6);

  private final Probes execution = Probes.at(InstantSource.system());

  @Test
  void C22_what_was_acknowledged_is_there_and_new_entries_find_their_place(@TempDir Path folder)
      throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(SEED + round);
      String where = "power.seed " + (SEED + round) + " (of " + ROUNDS + " from " + SEED + ")";
      run(random, folder.resolve("round-" + round), where);
    }
  }

  private void run(Random random, Path folder, String where) throws Exception {
    LogSettings settings =
        LogSettings.defaults()
            .withMessages(64 * 1024, 4 * 64 * 1024)
            .withReserve(0)
            .withFiles(random.nextInt(200_000) + 1, Duration.ofDays(1));
    Path before = folder.resolve("before");
    Path after = folder.resolve("after");
    int acknowledged = 0;
    int submitted;
    try (ChronicleQueueLog log =
        ChronicleQueueLog.open(folder.resolve("log"), settings, execution)) {
      for (int batches = random.nextInt(6); batches > 0; batches--) {
        List<QueueMessage> batch = batch(acknowledged, random);
        log.append(batch).get(30, TimeUnit.SECONDS);
        acknowledged += batch.size();
      }
      copy(folder.resolve("log"), before);
      List<QueueMessage> lost = batch(acknowledged, random);
      submitted = acknowledged + lost.size();
      execution.on(
          LogFailpoints.BEFORE_SYNC,
          () -> {
            copy(folder.resolve("log"), after);
            throw new IllegalStateException("the power is gone");
          });
      assertThat(log.append(lost)).as(where).failsWithin(Duration.ofSeconds(30));
      execution.heal();
    }
    Path found = folder.resolve("found");
    mix(before, after, found, random);

    try (ChronicleQueueLog log = ChronicleQueueLog.open(found, settings, execution)) {
      assertThat(log.end()).as(where).isBetween((long) acknowledged, (long) submitted);
      long end = log.end();
      log.append(List.of(message(end), message(end + 1))).get(30, TimeUnit.SECONDS);
      check(log, end + 2, where);
    }
    try (ChronicleQueueLog log = ChronicleQueueLog.open(found, settings, execution)) {
      check(log, log.end(), where + ", opened again");
    }
  }

  private static void check(ChronicleQueueLog log, long end, String where) throws Exception {
    List<LogEntry> all = new ArrayList<>();
    for (long at = 0; at < end; ) {
      LogPage page = log.read(at, 1_000).get(30, TimeUnit.SECONDS);
      assertThat(page.damaged()).as(where).isEmpty();
      all.addAll(page.entries());
      at = page.next();
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).position()).as(where).isEqualTo(i);
      assertThat(all.get(i).message().key()).as(where).isEqualTo("k" + i);
      assertThat(all.get(i).message().payload()).as(where).isEqualTo(message(i).payload());
    }
    assertThat(all).as(where).hasSize((int) end);
  }

  private static List<QueueMessage> batch(long from, Random random) {
    List<QueueMessage> batch = new ArrayList<>();
    for (int size = 1 + random.nextInt(40); size > 0; size--) {
      batch.add(message(from + batch.size()));
    }
    return batch;
  }

  /// The message at a position depends on the position alone; never zeros, as lost pages are.
  private static QueueMessage message(long position) {
    Random random = new Random(position);
    byte[] payload = new byte[random.nextInt(random.nextInt(8) == 0 ? 20_000 : 500)];
    random.nextBytes(payload);
    return QueueMessage.of("k" + position, ContentType.BYTES, payload);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A file or folder that was not there at the sync may be missing altogether.
  private static void mix(Path before, Path after, Path to, Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(after)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path name = after.relativize(file);
      Path old = before.resolve(name.toString());
      if (!Files.exists(old) && random.nextInt(3) == 0) {
        continue;
      }
      byte[] was = Files.exists(old) ? Files.readAllBytes(old) : new byte[0];
      byte[] is = Files.readAllBytes(file);
      byte[] mixed = new byte[is.length];
      int chance = 1 + random.nextInt(9);
      for (int page = 0; page < is.length; page += PAGE) {
        byte[] source = random.nextInt(10) < chance ? is : was;
        int end = Math.min(Math.min(page + PAGE, is.length), source.length);
        if (page < end) {
          System.arraycopy(source, page, mixed, page, end - page);
        }
      }
      Path copy = to.resolve(name.toString());
      Files.createDirectories(copy.getParent());
      Files.write(copy, mixed);
    }
  }
}
