package dev.dormouse.rooms.fleet;

import static dev.dormouse.saga.Command.toRoom;

import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SoFar;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/// The sagas that bring one device to a new firmware, or back to the one it had. A rollout's room
/// owns one for each of its devices.
///
/// *update-device*
/// 1. `assign`: the device's room asks for the firmware and remembers which it had. Its undo,
///    `restore`, asks for that one again.
/// 2. `confirm`: answered when the device has had the firmware for its soak time, connected and
///    well; refused when it failed, or its time is up.
/// 3. `settle`, the point of no return: asked of the rollout itself, which answers when all of it
///    is decided. Until then a cancel takes this device back, as it does all others.
/// 4. `release`: the device's room closes the update. Only now may another begin.
///
/// *return-device* follows whenever the first was undone, since an undo is answered at once and
/// going back takes a device its time:
/// 1. `recall`, after which it only goes forward.
/// 2. `returned`: answered when the device is back on its old firmware.
///
/// So rolling back is cancelling sagas, and a device that does not go back is a saga that is
/// parked: somebody has to look at it.
public final class UpdateDevice {
  public static final String UPDATE = "update-device";
  public static final String RETURN = "return-device";

  public static final String ASSIGN = "assign";
  public static final String RESTORE = "restore";
  public static final String CONFIRM = "confirm";
  public static final String SETTLE = "settle";
  public static final String UNSETTLE = "unsettle";
  public static final String RELEASE = "release";
  public static final String RECALL = "recall";
  public static final String RETURNED = "returned";

  /// The namespaces of the rooms that take part.
  public static final String DEVICES = "device";

  public static final String ROLLOUTS = "rollout";
  public static final String FLEETS = "fleet";

  /// Devices and rollouts keep their own time and answer when it is up; this is for the case that
  /// one of them has lost its mind.
  private static final Duration BACKSTOP = Duration.ofDays(60);

  private static final RetryPolicy PATIENT =
      RetryPolicy.of(8, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2);

  private UpdateDevice() {}

  /// What both are started with.
  ///
  /// @param rollout the name of the rollout's room
  /// @param update the id of the saga of `update-device`
  public record Input(String rollout, String update, Assign assign) implements Serializable {}

  /// What a device is asked once the update is open.
  ///
  /// @param update the id of the saga of `update-device` that opened it
  public record Ask(String update) implements Serializable {}

  /// Both definitions.
  public static List<Saga<?>> sagas() {
    return List.of(update(), back());
  }

  private static Saga<Input> update() {
    return Saga.define(UPDATE, Input.class)
        .onParked(new OnParked(Duration.ofDays(1), 0))
        .step(
            ASSIGN,
            s ->
                s.act(toRoom(DEVICES, UpdateDevice::device, ASSIGN, so -> so.input().assign()))
                    .undo(toRoom(DEVICES, UpdateDevice::device, RESTORE, UpdateDevice::ask))
                    .timeout(BACKSTOP)
                    .retry(PATIENT)
                    .undoRetry(PATIENT))
        .step(
            CONFIRM,
            s ->
                s.act(toRoom(DEVICES, UpdateDevice::device, CONFIRM, UpdateDevice::ask))
                    .noUndo()
                    .timeout(BACKSTOP)
                    .retry(PATIENT))
        .step(
            SETTLE,
            s ->
                s.act(toRoom(ROLLOUTS, so -> so.input().rollout(), SETTLE, UpdateDevice::ask))
                    .undo(toRoom(ROLLOUTS, so -> so.input().rollout(), UNSETTLE, UpdateDevice::ask))
                    .pivot()
                    .timeout(BACKSTOP)
                    .retry(PATIENT)
                    .undoRetry(PATIENT))
        .step(
            RELEASE,
            s ->
                s.act(toRoom(DEVICES, UpdateDevice::device, RELEASE, UpdateDevice::ask))
                    .retriable()
                    .timeout(BACKSTOP)
                    .retry(PATIENT))
        .build();
  }

  private static Saga<Input> back() {
    return Saga.define(RETURN, Input.class)
        .onParked(new OnParked(Duration.ofDays(1), 0))
        .step(
            RECALL,
            s ->
                s.act(toRoom(DEVICES, UpdateDevice::device, RECALL, UpdateDevice::ask))
                    .pivot()
                    .timeout(BACKSTOP)
                    .retry(PATIENT))
        .step(
            RETURNED,
            s ->
                s.act(toRoom(DEVICES, UpdateDevice::device, RETURNED, UpdateDevice::ask))
                    .retriable()
                    .timeout(BACKSTOP)
                    .retry(PATIENT))
        .build();
  }

  private static String device(SoFar<Input> soFar) {
    return soFar.input().assign().device();
  }

  private static Ask ask(SoFar<Input> soFar) {
    return new Ask(soFar.input().update());
  }
}
