package dev.dormouse.rooms.booking;

import dev.dormouse.rooms.booking.Charge.Receipt;
import dev.dormouse.rooms.shipment.Shipped;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.SagaView.StepView;
import dev.dormouse.saga.Sagas;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Looks at a saga and says what a client is to know of it.
final class Glance {
  private Glance() {}

  static Booking at(Request request, Sagas sagas) {
    String id = request.id();
    SagaView saga = sagas.view(id);
    List<SagaView.Line> lines = saga.timeline();
    return new Booking(
        id,
        request,
        word(saga.status().name()),
        saga.cause(),
        saga.paused(),
        cancellable(saga),
        !saga.cause().contains(BookingSagas.NO_PAYMENTS),
        saga.steps().stream().map(step -> step(step, saga)).toList(),
        lines.subList(Math.max(0, lines.size() - Booking.MAX_LINES), lines.size()).stream()
            .map(Glance::line)
            .toList(),
        receipt(id, sagas).orElse(null),
        sagas.result(id, BookingSaga.SHIP, Shipped.class).orElse(null));
  }

  private static Optional<String> receipt(String id, Sagas sagas) {
    try {
      return sagas.result(id, BookingSaga.PAY, Receipt.class).map(Receipt::receipt);
    } catch (IllegalArgumentException _) {
      // A service may answer what it likes, and has been paid nevertheless.
      return Optional.empty();
    }
  }

  private static boolean cancellable(SagaView saga) {
    return saga.status() == SagaStatus.RUNNING
        && saga.steps().stream()
            .filter(step -> step.name().equals(BookingSaga.SHIP))
            .anyMatch(step -> !step.act().equals("DONE") && !step.act().equals("SKIPPED"));
  }

  private static Booking.Step step(StepView step, SagaView saga) {
    Optional<Instant> next =
        saga.alarms().stream()
            .filter(alarm -> alarm.step().equals(step.name()))
            .map(SagaView.AlarmView::due)
            .findFirst();
    return new Booking.Step(
        step.name(),
        state(step),
        step.attempt(),
        step.undoAttempt(),
        step.error(),
        next.map(Instant::toEpochMilli).orElse(null));
  }

  /// One word for both ways of a step.
  private static String state(StepView step) {
    return switch (step.undo()) {
      case "NONE" ->
          switch (step.act()) {
            case "PENDING" -> "waiting";
            case "STARTED" -> "doing";
            case "BACKING_OFF" -> "retrying";
            case String other -> word(other);
          };
      case "STARTED", "BACKING_OFF" -> "undoing";
      case "FAILED" -> "stuck";
      case "SKIPPED" -> "left";
      case String other -> word(other);
    };
  }

  private static Booking.Line line(SagaView.Line line) {
    return new Booking.Line(
        line.n(),
        line.at().toEpochMilli(),
        line.step(),
        line.transition(),
        line.meaning(),
        line.detail(),
        word(line.status().name()));
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
