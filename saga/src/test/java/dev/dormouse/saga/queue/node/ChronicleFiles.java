package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.testkit.FailpointExecution;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/// Logs in files, with the time of the test.
final class ChronicleFiles {
  private ChronicleFiles() {}

  static Logs in(Path folder, InstantSource clock) {
    return new ChronicleLogs(
        folder,
        LogSettings.defaults().withMessages(64 * 1024, 4 * 64 * 1024),
        new FailpointExecution() {
          @Override
          public Instant instant() {
            return clock.instant();
          }

          @Override
          public void failpoint(String name) {}
        });
  }
}
