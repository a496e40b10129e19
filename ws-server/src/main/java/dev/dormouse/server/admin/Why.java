package dev.dormouse.server.admin;

import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.RoomReport;
import java.time.Instant;
import java.util.stream.Collectors;

/// Says in one sentence why a room is awake, or since when it sleeps (H4).
public final class Why {
  private Why() {}

  public static String of(RoomReport report) {
    if (!report.awake()) {
      return "asleep" + since(report.since()) + connections(report.connections());
    }
    return report.keptAwake().isEmpty()
        ? "awake, and about to fall asleep: nothing keeps it"
        : "awake: "
            + report.keptAwake().stream().map(KeptAwake::words).collect(Collectors.joining("; "));
  }

  private static String since(long millis) {
    return millis == 0
        ? "; it has not been awake since the server started"
        : " since " + Instant.ofEpochMilli(millis);
  }

  private static String connections(int number) {
    return switch (number) {
      case 0 -> "";
      case 1 -> "; 1 connection stays open";
      default -> "; " + number + " connections stay open";
    };
  }
}
