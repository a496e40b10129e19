package dev.dormouse.server.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The machine's clock, by which alarms fire.
public final class Clock {
  private static final String NAME = "clock";
  private static final Instant RELEASED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SLACK = Duration.ofMinutes(2);

  private Clock() {}

  /// @param synchronised what the system says; empty where it cannot be asked
  /// @param lastWrite when the data folder was last written to; empty if it is new
  static Check of(Instant now, Optional<Boolean> synchronised, Optional<Instant> lastWrite) {
    if (now.isBefore(RELEASED)) {
      return Check.bad(
          NAME, "it is " + now, "that is past: alarms would not fire", "timedatectl set-ntp true");
    }
    if (lastWrite.isPresent() && lastWrite.get().isAfter(now.plus(SLACK))) {
      return Check.bad(
          NAME,
          "it is " + now + ", and the data folder was written at " + lastWrite.get(),
          "the clock was set back: alarms fire late by that much",
          "timedatectl set-ntp true");
    }
    if (synchronised.isEmpty()) {
      return Check.ok(NAME, now + "; whether it is synchronised cannot be seen from here");
    }
    return synchronised.get()
        ? Check.ok(NAME, now + ", synchronised")
        : Check.warning(
            NAME, now + ", not synchronised", "alarms drift with it", "timedatectl set-ntp true");
  }

  /// Looks at this machine's.
  public static Check here(Instant now, Path data) throws IOException, InterruptedException {
    Path format = data.resolve("rooms-0.db");
    return of(
        now,
        synchronised(),
        Files.exists(format)
            ? Optional.of(Files.getLastModifiedTime(format).toInstant())
            : Optional.empty());
  }

  private static Optional<Boolean> synchronised() throws InterruptedException {
    try {
      Process asked =
          new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
              .redirectErrorStream(true)
              .start();
      if (!asked.waitFor(5, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
        return Optional.empty();
      }
      String said =
          new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return asked.exitValue() == 0 && (said.equals("yes") || said.equals("no"))
          ? Optional.of(said.equals("yes"))
          : Optional.empty();
    } catch (IOException _) {
      // No such program, as in a container.
      return Optional.empty();
    }
  }
}
