package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.Sagas;

/// The saga facility of one process after another, each with its own definitions.
final class Swapped implements Facility {
  private static Facility now = new SagaFacility(java.util.List.of());

  Swapped(Facility first) {
    to(first);
  }

  static void to(Facility next) {
    now = next;
  }

  @Override
  public String name() {
    return "saga";
  }

  @Override
  public Class<?> type() {
    return Sagas.class;
  }

  @Override
  public Part join(FacilityRoom room) {
    return now.join(room);
  }
}
