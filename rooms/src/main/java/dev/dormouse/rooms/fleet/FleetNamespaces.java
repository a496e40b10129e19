package dev.dormouse.rooms.fleet;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.rooms.fleet.device.DeviceRoom;
import dev.dormouse.rooms.fleet.registry.FleetRoom;
import dev.dormouse.rooms.fleet.rollout.RolloutRoom;
import java.time.Duration;
import java.util.List;

/// Declares `device`, `fleet` and `rollout`, and the page at `/fleet/`.
public final class FleetNamespaces {

  /// There are many devices, and each says little.
  private static final Duration DEVICE_IDLE = Duration.ofSeconds(5);

  private static final int FRAME_BYTES = 64 * 1024;

  private FleetNamespaces() {}

  public static List<Namespace> declarations() {
    return List.of(
        Namespace.named(UpdateDevice.DEVICES, DeviceRoom::new)
            .publicStatus()
            .limits(
                RoomLimits.defaults()
                    .withIdle(DEVICE_IDLE)
                    .withConnections(8)
                    .withMessageBytes(FRAME_BYTES)
                    .withRequestBytes(FRAME_BYTES))
            .build(),
        Namespace.named(UpdateDevice.FLEETS, FleetRoom::new)
            .calls(Fleet.class)
            .publicStatus()
            .limits(RoomLimits.defaults().withBacklog(16_384, 64 * 1024 * 1024))
            .build(),
        Namespace.named(UpdateDevice.ROLLOUTS, RolloutRoom::new)
            .publicStatus()
            .limits(RoomLimits.defaults().withBacklog(16_384, 64 * 1024 * 1024))
            .pages("/fleet/", FleetNamespaces.class, "web")
            .build());
  }
}
