package dev.dormouse.server.http;

import static java.util.Objects.requireNonNull;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.SagaView.StepView;
import dev.dormouse.saga.SoFar;
import dev.dormouse.server.admin.SagaLine;
import dev.dormouse.server.admin.SagaOffice;
import dev.dormouse.server.admin.SagaOrder;
import dev.dormouse.server.admin.SagaQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sagas that stand as a test puts them, and move when they are told to. Thread-safe.
final class StagedSagas implements SagaOffice {
  static final Saga<String> BOOKING =
      Saga.define("booking", String.class)
          .deadline(Duration.ofMinutes(10))
          .onParked(OnParked.remind())
          .step(
              "flight",
              it ->
                  it.act(Command.toRoom("flights", SoFar::input, "reserve", SoFar::input))
                      .undo(Command.toRoom("flights", SoFar::input, "release", SoFar::input)))
          .parallel(group ->
              group
                  .step(
                      "hotel",
                      it ->
                          it.act(Command.toRoom("hotels", SoFar::input, "reserve", SoFar::input))
                              .undo(
                                  Command.toRoom("hotels", SoFar::input, "release", SoFar::input)))
                  .step(
                      "car",
                      it ->
                          it.act(Command.toRoom("cars", SoFar::input, "reserve", SoFar::input))
                              .undo(Command.toRoom("cars", SoFar::input, "release", SoFar::input))))
          .step(
              "charge",
              it ->
                  it.pivot()
                      .act(
                          Command.external(
                              "bank", "charge", SoFar::sagaId, Repeat.idempotent(), SoFar::input)))
          .step(
              "tickets",
              it ->
                  it.retriable()
                      .act(Command.toRoom("tickets", SoFar::input, "issue", SoFar::input)))
          .build();

  /// How each step stands in turn, `act` or `act/undo`.
  private static final Map<SagaStatus, List<String>> STEPS =
      Map.of(
          SagaStatus.RUNNING, List.of("DONE", "DONE", "STARTED", "PENDING", "PENDING"),
          SagaStatus.COMPENSATING, List.of("DONE", "DONE/STARTED", "REFUSED", "PENDING", "PENDING"),
          SagaStatus.COMPLETED, List.of("DONE", "DONE", "DONE", "DONE", "DONE"),
          SagaStatus.COMPENSATED,
              List.of("DONE/UNDONE", "DONE/UNDONE", "REFUSED", "PENDING", "PENDING"),
          SagaStatus.PARKED_FORWARD, List.of("DONE", "DONE", "DONE", "DONE", "REFUSED"),
          SagaStatus.PARKED_BACKWARD,
              List.of("DONE", "DONE/FAILED", "REFUSED", "PENDING", "PENDING"));

  private final Instant now;
  private final Map<String, SagaView> sagas = new TreeMap<>(); // guarded by this
  private final Map<String, RoomId> owners = new TreeMap<>(); // guarded by this
  private final List<SagaOrder> given = new ArrayList<>(); // guarded by this

  StagedSagas(Instant now) {
    this.now = now;
  }

  synchronized List<SagaOrder> given() {
    return List.copyOf(given);
  }

  /// Puts a saga there.
  ///
  /// @param words of its cause and its steps' errors; empty for none
  synchronized void put(RoomId owner, String id, SagaStatus status, String words) {
    owners.put(key(owner, id), owner);
    sagas.put(key(owner, id), view(id, status, false, words, List.of()));
  }

  private static String key(RoomId owner, String id) {
    return owner.hex() + "/" + id;
  }

  private SagaView view(
      String id, SagaStatus status, boolean paused, String words, List<SagaView.Line> more) {
    List<StepView> steps = new ArrayList<>();
    for (int i = 0; i < BOOKING.steps().size(); i++) {
      String name = BOOKING.steps().get(i).name();
      String stand = requireNonNull(STEPS.get(status)).get(i);
      String[] stands = stand.split("/", 2);
      boolean begun = !stands[0].equals("PENDING");
      boolean trouble = stands[0].equals("REFUSED") || stand.contains("FAILED");
      steps.add(
          new StepView(
              i,
              name,
              stands[0],
              begun ? trouble ? 5 : 1 : 0,
              stands.length > 1 ? stands[1] : "NONE",
              stands.length > 1 ? stands[1].equals("FAILED") ? 5 : 1 : 0,
              begun ? "desks/" + name : "",
              begun && !trouble ? 48 : 0,
              trouble ? words : ""));
    }
    List<SagaView.Line> lines = new ArrayList<>();
    line(lines, "T1", "started", "", "", SagaStatus.RUNNING);
    line(lines, "T2", "a step is done, more are to do", "flight", "done", SagaStatus.RUNNING);
    line(lines, "T5", "a step is tried again", "hotel", "not answered", SagaStatus.RUNNING);
    if (status != SagaStatus.RUNNING) {
      line(lines, "T7", "it moved to where it is", "", words, status);
    }
    for (SagaView.Line each : more) {
      line(lines, each.transition(), each.meaning(), each.step(), each.detail(), each.status());
    }
    return new SagaView(
        id,
        "booking",
        1,
        true,
        status,
        paused,
        words,
        now.minusSeconds(900),
        now.minusSeconds(40),
        status.ended() ? now.minusSeconds(40) : null,
        status == SagaStatus.RUNNING ? now.plusSeconds(300) : null,
        2_150,
        steps,
        alarms(status),
        lines,
        0,
        dead(status, words));
  }

  private void line(
      List<SagaView.Line> lines,
      String transition,
      String meaning,
      String step,
      String detail,
      SagaStatus status) {
    lines.add(
        new SagaView.Line(
            lines.size() + 1,
            now.minusSeconds(900 - 20L * lines.size()),
            transition,
            meaning,
            step,
            detail,
            status));
  }

  private List<SagaView.AlarmView> alarms(SagaStatus status) {
    return switch (status) {
      case RUNNING ->
          List.of(
              new SagaView.AlarmView("do", "car", now.plusSeconds(25)),
              new SagaView.AlarmView("deadline", "", now.plusSeconds(300)));
      case COMPENSATING -> List.of(new SagaView.AlarmView("undo", "hotel", now.plusSeconds(20)));
      case PARKED_FORWARD, PARKED_BACKWARD ->
          List.of(new SagaView.AlarmView("review", "", now.plusSeconds(3_400)));
      case COMPLETED, COMPENSATED -> List.of();
    };
  }

  private List<SagaView.Dead> dead(SagaStatus status, String words) {
    @Nullable String step =
        switch (status) {
          case PARKED_FORWARD -> "tickets";
          case PARKED_BACKWARD -> "hotel";
          case RUNNING, COMPENSATING, COMPLETED, COMPENSATED -> null;
        };
    if (step == null) {
      return List.of();
    }
    String way = status == SagaStatus.PARKED_BACKWARD ? "undo" : "do";
    return List.of(
        new SagaView.Dead(step, way, words, now.minusSeconds(40), now.plusSeconds(3_400), "", ""));
  }

  @Override
  public synchronized List<Tally> open() {
    return SagaQuery.OPEN.stream()
        .map(status ->
            new Tally(status, sagas.values().stream().filter(it -> it.status() == status).count()))
        .toList();
  }

  @Override
  public synchronized Page list(SagaQuery query) {
    List<SagaLine> found = new ArrayList<>();
    sagas.forEach((key, saga) -> found.add(line(owners.get(key), saga)));
    found.removeIf(saga -> !query.takes(saga));
    found.sort(Comparator.comparing(SagaLine::status).thenComparing(SagaLine::saga));
    int from = query.after().map(Integer::parseInt).orElse(0);
    if (from < 0) {
      throw new IllegalArgumentException("'after' is from another list");
    }
    int to = Math.min(found.size(), from + query.limit());
    return new Page(
        found.subList(from, to),
        sagas.size(),
        to < found.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  private static SagaLine line(@Nullable RoomId owner, SagaView saga) {
    return new SagaLine(
        requireNonNull(owner),
        saga.id(),
        saga.definition(),
        saga.version(),
        saga.status(),
        saga.paused(),
        saga.cause(),
        saga.started(),
        saga.changed());
  }

  @Override
  public synchronized Optional<SagaView> look(RoomId owner, String saga) {
    return Optional.ofNullable(sagas.get(key(owner, saga)));
  }

  @Override
  public synchronized void give(RoomId owner, String saga, SagaOrder order) {
    SagaView view = sagas.get(key(owner, saga));
    if (view == null) {
      throw new Refusal.NotFound(owner + " has no saga '" + saga + "'");
    }
    given.add(order);
    boolean parked = view.status().name().startsWith("PARKED");
    SagaStatus next =
        switch (order) {
          case SagaOrder.Pause _, SagaOrder.Resume _ -> view.status();
          case SagaOrder.Cancel _ -> SagaStatus.COMPENSATING;
          case SagaOrder.Retry _, SagaOrder.Skip _, SagaOrder.Resolve _ -> {
            if (!parked) {
              throw new Refusal.Refused(409, "saga '" + saga + "': it is not parked");
            }
            yield view.status() == SagaStatus.PARKED_FORWARD
                ? SagaStatus.COMPLETED
                : SagaStatus.COMPENSATING;
          }
        };
    boolean paused =
        order instanceof SagaOrder.Pause || (view.paused() && !(order instanceof SagaOrder.Resume));
    SagaView.Line line =
        new SagaView.Line(0, now, "T11", "somebody deals with it", "", order.toString(), next);
    sagas.put(key(owner, saga), view(saga, next, paused, view.cause(), List.of(line)));
  }

  @Override
  public List<Saga<?>> definitions() {
    return List.of(BOOKING);
  }
}
