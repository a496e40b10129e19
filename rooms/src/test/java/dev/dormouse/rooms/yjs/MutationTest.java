package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damaged input is refused in words or is valid, and nothing in between: no other exception, no
/// endless loop, and whatever was let in can be merged, compared, compacted and read again.
class MutationTest {
  private static final int MUTANTS = 100_000;
  private static final long SEED = Long.getLong("yjs.mutation.seed", 20_261_123);
  private static final YLimits LIMITS = YLimits.defaults();

  private final Random random = new Random(SEED);
  private int refused;
  private int accepted;

  @Test
  void damaged_updates_are_refused_or_are_updates() throws MalformedUpdateException {
    List<byte[]> originals = new ArrayList<>();
    for (YjsHistory history : YjsHistory.all()) {
      history.merges().forEach(merge -> originals.add(merge.merged()));
    }
    for (int i = 0; i < MUTANTS; i++) {
      byte[] original = originals.get(random.nextInt(originals.size()));
      byte[] mutant = damaged(original);
      try {
        judge(original, mutant);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        fail("seed %d, mutant %d: %s", SEED, i, Arrays.toString(mutant), e);
      }
    }
    assertThat(refused).as("refused, seed %d", SEED).isGreaterThan(MUTANTS / 4);
    assertThat(accepted).as("accepted, seed %d", SEED).isGreaterThan(MUTANTS / 10);
  }

  private void judge(byte[] original, byte[] mutant) throws MalformedUpdateException {
    YUpdate update;
    try {
      update = YUpdate.decode(mutant, LIMITS);
    } catch (MalformedUpdateException e) {
      assertThat(e.position()).as("seed %d", SEED).isBetween(0, mutant.length);
      assertThat(e).as("seed %d", SEED).message().isNotBlank();
      refused++;
      return;
    }
    accepted++;
    YUpdate whole = YUpdate.decode(original, LIMITS);
    YUpdate merged = YUpdate.merge(List.of(whole, update));
    Coverage coverage = Coverage.of(reread(merged));
    assertThat(coverage.isNew(whole)).as("seed %d", SEED).isFalse();
    assertThat(coverage.isNew(update)).as("seed %d", SEED).isFalse();
    assertThat(Coverage.of(reread(Compaction.compacted(merged))).isNew(merged))
        .as("seed %d", SEED)
        .isFalse();
    reread(merged.diff(update.stateVector()));
    reread(update.diff(whole.stateVector()));
  }

  @Test
  void damaged_frames_are_refused_or_are_messages() throws MalformedUpdateException {
    List<byte[]> frames = new ArrayList<>();
    for (YjsHistory history : YjsHistory.all().subList(0, 100)) {
      YUpdate update = YUpdate.decode(history.merges().getFirst().merged(), LIMITS);
      frames.add(new YMessage.Update(update).encode());
      frames.add(new YMessage.SyncStep1(update.stateVector()).encode());
      AwarenessUpdate.Entry entry = new AwarenessUpdate.Entry(7, 3, "{\"name\":\"é\",\"at\":[1]}");
      frames.add(
          new YMessage.AwarenessMessage(new AwarenessUpdate(List.of(entry, entry))).encode());
      frames.add(new YMessage.Auth("no").encode());
    }
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = damaged(frames.get(random.nextInt(frames.size())));
      try {
        YMessage message = YMessage.parse(mutant, LIMITS);
        YMessage again = YMessage.parse(message.encode(), LIMITS);
        assertThat(again).as("seed %d", SEED).isEqualTo(message);
        accepted++;
      } catch (MalformedUpdateException e) {
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        fail("seed %d, frame %d: %s", SEED, i, Arrays.toString(mutant), e);
      }
    }
    assertThat(refused).as("refused, seed %d", SEED).isGreaterThan(MUTANTS / 4);
    assertThat(accepted).as("accepted, seed %d", SEED).isGreaterThan(MUTANTS / 100);
  }

  /// What was written here must be readable here.
  private static YUpdate reread(YUpdate written) throws MalformedUpdateException {
    YUpdate read = YUpdate.decode(written.bytes(), LIMITS.stored());
    assertThat(read.stateVector()).as("seed %d", SEED).isEqualTo(written.stateVector());
    return read;
  }

  /// One to three bytes flipped in one bit, set, cut out or put in, or the end cut off.
  private byte[] damaged(byte[] original) {
    byte[] bytes = original;
    for (int n = 1 + random.nextInt(3); n > 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> with(bytes, at, bytes[at] ^ (1 << random.nextInt(8)));
            case 1 -> with(bytes, at, random.nextInt(256));
            case 2 -> without(bytes, at);
            case 3 -> inserted(bytes, at, random.nextInt(256));
            default -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes.clone();
          };
    }
    return bytes;
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] result = bytes.clone();
    result[at] = (byte) value;
    return result;
  }

  private static byte[] without(byte[] bytes, int at) {
    byte[] result = Arrays.copyOf(bytes, bytes.length - 1);
    System.arraycopy(bytes, at + 1, result, at, result.length - at);
    return result;
  }

  private static byte[] inserted(byte[] bytes, int at, int value) {
    byte[] result = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, at, result, at + 1, bytes.length - at);
    result[at] = (byte) value;
    return result;
  }
}
