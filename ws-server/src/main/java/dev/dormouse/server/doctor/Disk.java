package dev.dormouse.server.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

/// The disk under a folder: its kind, its space, and how long it really takes to sync.
///
/// @param folder on it; must be there and writable
/// @param nanos a clock
public record Disk(Path folder, LongSupplier nanos) {
  private static final int SYNCS = 200;
  private static final int BLOCK = 4_096;
  private static final long GIB = 1L << 30;

  /// With less nothing much can be written.
  private static final long LEAST = 4L << 20;

  /// No locks or no shared memory that SQLite could rely on.
  private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "afs");

  private static final Set<String> FLEETING = Set.of("tmpfs", "ramfs", "overlay");

  public List<Check> checks() throws IOException {
    FileStore store = Files.getFileStore(folder);
    long free = store.getUsableSpace();
    Check kind = kind(store.type());
    Check space = space(free, store.getTotalSpace());
    // The probe itself takes space.
    return free < LEAST ? List.of(kind, space) : List.of(kind, space, syncs(probe()));
  }

  static Check kind(String type) {
    String low = type.toLowerCase(Locale.ROOT);
    if (REMOTE.contains(low) || low.startsWith("fuse")) {
      return Check.bad(
          "file system",
          type,
          "locks and shared memory are not to be relied on there: put the data folder on a disk of"
              + " this machine",
          "");
    }
    return FLEETING.contains(low)
        ? Check.warning(
            "file system",
            type,
            low.equals("overlay")
                ? "this is inside of a container, and gone with it: mount a volume for the data"
                    + " folder"
                : "this is memory: all is gone when the machine stops",
            "")
        : Check.ok("file system", type);
  }

  static Check space(long free, long all) {
    String found = "%,d MiB free of %,d MiB".formatted(free >> 20, all >> 20);
    if (free < LEAST) {
      return Check.bad(
          "free space",
          found,
          "rooms are read-only, and a server that is stopped does not start again: free some before"
              + " you stop one",
          "");
    }
    if (free < GIB) {
      return Check.bad("free space", found, "rooms will soon be read-only: free some", "");
    }
    return free < 10 * GIB && free < all / 10
        ? Check.warning("free space", found, "less than a tenth: free some", "")
        : Check.ok("free space", found);
  }

  /// What a sync takes, sorted.
  private long[] probe() throws IOException {
    long[] times = new long[SYNCS];
    Path file = Files.createTempFile(folder, "doctor-", ".probe");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long began = nanos.getAsLong();
        channel.write(block, (long) i * BLOCK);
        channel.force(false);
        times[i] = nanos.getAsLong() - began;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(times);
    return times;
  }

  /// @param times of single syncs in nanoseconds, sorted
  static Check syncs(long[] times) {
    double half = times[times.length / 2] / 1e6;
    double most = times[times.length * 99 / 100] / 1e6;
    double worst = times[times.length - 1] / 1e6;
    String found =
        String.format(
            Locale.ROOT,
            "a sync of 4 KiB takes %.2f ms, 1 in 100 over %.2f, at most %.2f",
            half,
            most,
            worst);
    if (half > 20) {
      return Check.bad(
          "syncs",
          found,
          "whatever is durable waits so long: use a disk with a write cache that survives power"
              + " loss",
          "");
    }
    if (half < 0.01) {
      return Check.warning(
          "syncs", found, "no disk is so fast: syncs do nothing here, a power cut loses data", "");
    }
    return half > 5 || most > 50
        ? Check.warning("syncs", found, "each durable answer waits so long", "")
        : Check.ok("syncs", found);
  }
}
