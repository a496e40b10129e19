package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.QueueLogContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// Files of one batch each: every batch is larger than a file may grow.
class ChronicleQueueLogContractTest extends QueueLogContract {
  @TempDir Path folder;

  @Override
  protected QueueLog open(int messageBytes) throws Exception {
    return ChronicleQueueLog.open(
        folder.resolve("log"),
        LogSettings.defaults()
            .withMessages(messageBytes, 4 * 64 * 1024)
            .withFiles(1, Duration.ofDays(100)),
        Probes.at(this::now));
  }

  @Override
  protected void loseFrom(long position) throws IOException {
    try (LogFolder files = LogFolder.open(folder.resolve("log"))) {
      for (long base : List.copyOf(files.segments().tailMap(position).keySet())) {
        LogFolder.erase(files.unname(base));
      }
    }
  }
}
