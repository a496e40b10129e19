package dev.dormouse.crash.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What clients were told (I9).
final class PromiseCheck {
  private PromiseCheck() {}

  static void check(
      List<RoomRows> rooms, List<SagaBook> books, Promises told, List<Finding> findings) {
    Map<String, SagaBook> byId = new HashMap<>();
    books.forEach(book -> byId.put(book.id(), book));
    told.begun()
        .forEach((saga, owner) -> {
          SagaBook book = byId.get(saga);
          if (book == null || !book.owner().name().equals(owner)) {
            findings.add(
                new Finding("I9", "%s of %s was started, and is not there".formatted(saga, owner)));
          }
        });
    told.ended()
        .forEach((saga, status) -> {
          SagaBook book = byId.get(saga);
          if (book == null || !book.status().equals(status)) {
            findings.add(new Finding("I9", "%s had ended as %s: %s".formatted(saga, status, book)));
          }
        });
    for (String saga : told.cancelled()) {
      SagaBook book = byId.get(saga);
      if (book == null || book.status().equals("COMPLETED")) {
        findings.add(new Finding("I9", "%s had been cancelled: %s".formatted(saga, book)));
      }
    }
    Map<String, String> swaps = swaps(rooms);
    told.swapped()
        .forEach((op, where) -> {
          if (!where.equals(swaps.get(op))) {
            findings.add(
                new Finding(
                    "I9",
                    "%s was accepted at %s, found at %s".formatted(op, where, swaps.get(op))));
          }
        });
    Set<String> parcels = new HashSet<>();
    rooms.forEach(room -> room.below("parcel/").forEach(op -> parcels.add(room.name() + " " + op)));
    told.sent()
        .forEach((op, owner) -> {
          if (!parcels.contains(owner + " " + op)) {
            findings.add(new Finding("I9", "%s sent %s, and it is not there".formatted(owner, op)));
          }
        });
    for (String absent : told.absent()) {
      boolean sent = parcels.stream().anyMatch(parcel -> parcel.endsWith(" " + absent));
      if (byId.containsKey(absent) || swaps.containsKey(absent) || sent) {
        findings.add(new Finding("I9", absent + " was refused, and is there"));
      }
    }
  }

  /// Where each op was accepted, as `owner version`.
  private static Map<String, String> swaps(List<RoomRows> rooms) {
    Map<String, String> swaps = new HashMap<>();
    for (RoomRows room : rooms) {
      for (String version : room.below("swap/")) {
        swaps.put(room.text("swap/" + version).orElse(""), room.name() + " " + version);
      }
    }
    return swaps;
  }
}
