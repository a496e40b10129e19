package dev.dormouse.saga.facility;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Desks that book journeys, and the three that they book with: each one room, `main`.
final class Agency {
  static final String DESKS = "desks";

  private Agency() {}

  static RoomTester tester(long seed, Facility facility, BookingRoom.Mood mood) {
    return with(seed, facility, "", context -> new BookingRoom(context, mood));
  }

  /// With desks that are told of their journeys, where things fail on purpose.
  static RoomTester listening(long seed, Facility facility, Desk.Ear ear) {
    return with(
            seed,
            facility,
            "",
            context -> new BookingRoom(context, command -> {}),
            context -> new Desk.Listening(context, ear))
        .observer(RoomObserver.NONE);
  }

  /// @param special the namespace whose room is another one
  static RoomTester with(
      long seed, Facility facility, String special, Function<RoomContext, Room> room) {
    return with(seed, facility, special, room, Desk::new);
  }

  private static RoomTester with(
      long seed,
      Facility facility,
      String special,
      Function<RoomContext, Room> room,
      Function<RoomContext, Room> desk) {
    RoomLimits limits = RoomLimits.defaults().withIdle(Duration.ofSeconds(1));
    List<Namespace> all = new ArrayList<>();
    all.add(Namespace.named(DESKS, desk).calls(DeskCalls.class).limits(limits).build());
    for (String namespace : Trip.STEPS) {
      all.add(
          Namespace.named(
                  namespace,
                  context ->
                      special.isEmpty() || special.equals(namespace)
                          ? room.apply(context)
                          : new BookingRoom(context, command -> {}))
              .limits(limits)
              .build());
    }
    return RoomTester.seeded(seed, all.toArray(Namespace[]::new)).facility(facility);
  }

  static RoomTester tester(long seed) {
    return tester(seed, new SagaFacility(List.of(Trip.saga())), command -> {});
  }

  /// For runs in which things fail on purpose.
  static RoomTester troubled(long seed, Facility facility, BookingRoom.Mood mood) {
    return tester(seed, facility, mood).observer(RoomObserver.NONE);
  }

  static DeskCalls desk(RoomTester t) {
    return t.rooms().stub(DeskCalls.class, DESKS, "main");
  }
}
