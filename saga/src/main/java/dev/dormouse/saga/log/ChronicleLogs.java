package dev.dormouse.saga.log;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.node.Logs;
import dev.dormouse.saga.queue.node.QueueObserver;
import java.nio.file.Files;
import java.nio.file.Path;

/// The logs of a node's queues, each in a folder of its own below one folder.
///
/// @param folder made with the first log
/// @param observer is told of syncs
public record ChronicleLogs(
    Path folder, LogSettings settings, Execution execution, QueueObserver observer)
    implements Logs {

  /// Nobody is told of syncs.
  public ChronicleLogs(Path folder, LogSettings settings, Execution execution) {
    this(folder, settings, execution, QueueObserver.NONE);
  }

  @Override
  public QueueLog open(String queue) throws LogException {
    return ChronicleQueueLog.open(
        folder.resolve(queue),
        settings,
        execution,
        (bytes, nanos) -> observer.synced(queue, bytes, nanos));
  }

  /// Whether this JVM may open logs at all.
  ///
  /// @throws LogException with the exact line to add, or the jar to remove
  public static void checkJvm() throws LogException {
    JvmCheck.run();
  }

  @Override
  public boolean exists(String queue) {
    return Files.isDirectory(folder.resolve(queue));
  }
}
