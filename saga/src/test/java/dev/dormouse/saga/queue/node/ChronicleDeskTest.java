package dev.dormouse.saga.queue.node;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class ChronicleDeskTest extends DeskContract {
  @TempDir Path folder;

  @Override
  protected Logs logs(InstantSource clock) {
    return ChronicleFiles.in(folder, clock);
  }
}
