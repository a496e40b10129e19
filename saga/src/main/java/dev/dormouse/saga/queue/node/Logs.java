package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;

/// Where the logs of a node's queues are.
public interface Logs {

  /// Opens a queue's log, making it if it is not there. Blocks.
  QueueLog open(String queue) throws LogException;

  /// Whether a log was ever made for a queue.
  boolean exists(String queue);
}
