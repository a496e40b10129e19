package dev.dormouse.saga.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogPage;
import java.io.DataInputStream;
import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kills a process that appends, opens its log and compares: nothing acknowledged is missing,
/// nothing is there that was not submitted, nothing is torn.
///
/// `-Dkill.rounds=1000` kills as often at random; the seed is in every message and can be given
/// back with `-Dkill.seed`.
class LogKillIT {
  private static final long SEED = Long.getLong("kill.seed", new Random().nextLong());
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 4);

  @TempDir Path temporary;
  private long submitted;
  private long acknowledged;
  private long first;

  static List<String> failpoints() {
    return LogFailpoints.all();
  }

  @ParameterizedTest
  @MethodSource("failpoints")
  void C5_C6_C7_C19_a_process_that_halts_there_loses_nothing_it_acknowledged(String failpoint)
      throws Exception {
    Random random = new Random(SEED);
    boolean once = failpoint.equals(LogFailpoints.OPENED);
    boolean seldom =
        failpoint.equals(LogFailpoints.FILE_MADE) || failpoint.equals(LogFailpoints.IN_DELETE);
    for (int round = 0; round < 2; round++) {
      int pass = once ? 1 : 1 + random.nextInt(seldom ? 3 : 60);
      run(failpoint, pass, Integer.MAX_VALUE);
      check("seed %d, %s passed %d times".formatted(SEED, failpoint, pass));
    }
  }

  @Test
  void C7_a_process_that_is_killed_at_any_time_loses_nothing_it_acknowledged() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      int answers = random.nextInt(250);
      run("none", 0, answers);
      check("seed %d, round %d, killed after %d answers".formatted(SEED, round, answers));
    }
  }

  /// Lets a process append until it halts by itself, or has had so many answers.
  private void run(String failpoint, int pass, int answers) throws Exception {
    Path errors = temporary.resolve("err");
    Process process =
        ChildJvm.of(
                LogKillWriter.class, ChildJvm.FLAGS, errors, log().toString(), failpoint, "" + pass)
            .start();
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      for (int seen = 0; ; ) {
        byte what = in.readByte();
        long position = in.readLong();
        switch (what) {
          case LogKillWriter.SUBMITTED -> submitted = position;
          case LogKillWriter.ACKNOWLEDGED -> {
            acknowledged = position;
            if (++seen == answers) {
              ChildJvm.sendKill(process);
            }
          }
          case LogKillWriter.OPENED -> {
            if (answers == 0) {
              ChildJvm.sendKill(process);
            }
          }
          default -> throw new AssertionError("the writer said " + what);
        }
      }
    } catch (EOFException dead) {
      ChildJvm.awaitEnd(process);
    }
    assertThat(process.exitValue())
        .as("seed %d: %s", SEED, Files.readString(errors))
        .isEqualTo(failpoint.equals("none") ? 128 + 9 : 9);
  }

  private Path log() {
    return temporary.resolve("log");
  }

  private void check(String round) throws Exception {
    try (ChronicleQueueLog log =
        ChronicleQueueLog.open(log(), LogKillWriter.SETTINGS, new SystemExecution())) {
      long end = log.end();
      assertThat(end).as(round).isBetween(acknowledged, submitted);
      assertThat(log.first()).as(round).isBetween(first, Math.max(first, submitted - 2_000));
      first = log.first();
      long at = first;
      while (at < end) {
        LogPage page = log.read(at, 1_000).get(30, TimeUnit.SECONDS);
        assertThat(page.from()).as(round).isEqualTo(at);
        assertThat(page.damaged()).as(round).isEmpty();
        for (LogEntry entry : page.entries()) {
          assertThat(entry.position()).as(round).isEqualTo(at);
          assertThat(entry.message())
              .as(round)
              .usingRecursiveComparison()
              .isEqualTo(LogKillWriter.message(at));
          at++;
        }
        assertThat(page.next()).as(round).isEqualTo(at);
      }
      // What was submitted and not answered is settled now; the next process goes on from here.
      submitted = end;
      acknowledged = end;
    }
  }
}
