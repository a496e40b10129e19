package dev.dormouse.saga.queue;

/// How the payload of a message is to be read.
public enum ContentType {
  JSON,
  TEXT,
  BYTES
}
