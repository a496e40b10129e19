package dev.dormouse.storage;

import java.time.Duration;
import java.util.Optional;

/// Whether a shard file can be written, and if not, what a person should know of it.
sealed interface Health {
  /// Between two probes: what helps is done by people, and a probe of a full disk costs little.
  Duration PROBE_EVERY = Duration.ofSeconds(1);

  /// Why the file takes no write sets; empty if it does.
  Optional<String> why();

  /// It takes write sets.
  record Well() implements Health {
    @Override
    public Optional<String> why() {
      return Optional.empty();
    }
  }

  /// It can be read; a probe may lift it.
  record ReadOnly(String reason) implements Health {
    static ReadOnly after(Throwable failure, ShardFile file) {
      return new ReadOnly(
          "the shard file %s cannot be written (%s); its rooms can be read; free space on its disk: it is tried again every %d s"
              .formatted(file.path(), failure.getMessage(), PROBE_EVERY.toSeconds()));
    }

    @Override
    public Optional<String> why() {
      return Optional.of(reason);
    }
  }

  /// Nothing is sure of it until it has been opened and synced again.
  record Broken(String reason) implements Health {
    static Broken after(Throwable failure, ShardFile file) {
      return new Broken(
          "the shard file %s fails (%s); it takes no writes until it could be opened and synced again; mend its disk: it is tried again every %d s"
              .formatted(file.path(), failure.getMessage(), PROBE_EVERY.toSeconds()));
    }

    @Override
    public Optional<String> why() {
      return Optional.of(reason);
    }
  }
}
