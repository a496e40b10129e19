package dev.dormouse.loadtest.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/// The disk and the clock that the server has, as far as they can be moved. For one thread.
final class Nature {
  private static final int BLOCK = 4_096;
  private static final int CHUNK = 4 << 20;
  private static final long NANOS = 1_000_000_000L;

  private final Path disk;
  private final Path filler;

  /// What `storm.c` reads: nanoseconds ahead, microseconds to wait.
  private final MappedByteBuffer control;

  /// @param disk a file system that nobody else uses
  /// @param control a file, which is made
  Nature(Path disk, Path control) throws IOException {
    this.disk = disk;
    this.filler = disk.resolve("filler");
    try (FileChannel file =
        FileChannel.open(
            control,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      this.control = file.map(FileChannel.MapMode.READ_WRITE, 0, 2 * Long.BYTES);
      this.control.order(ByteOrder.nativeOrder());
    }
  }

  /// The server's clock is so far ahead of this program's from now on.
  void clock(long seconds) {
    control.putLong(0, seconds * NANOS);
  }

  /// Each sync takes so much longer from now on.
  void slow(long millis) {
    control.putLong(Long.BYTES, TimeUnit.MILLISECONDS.toMicros(millis));
  }

  /// Leaves not a block free.
  void fill() {
    try (FileChannel out =
        FileChannel.open(
            filler,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (out.write(ByteBuffer.allocate(CHUNK)) > 0) {
        Thread.onSpinWait();
      }
    } catch (IOException _) {
      fillRest();
    }
  }

  /// Goes on in steps of a block, since a larger write takes all or nothing.
  private void fillRest() {
    try (FileChannel out =
        FileChannel.open(filler, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (out.write(ByteBuffer.allocate(BLOCK)) > 0) {
        Thread.onSpinWait();
      }
    } catch (IOException _) {
      // It is full, which is what was wanted.
    }
  }

  void free() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How much of the disk is used, in MiB.
  long usedMiB() throws IOException {
    FileStore store = Files.getFileStore(disk);
    return (store.getTotalSpace() - store.getUsableSpace()) >> 20;
  }
}
