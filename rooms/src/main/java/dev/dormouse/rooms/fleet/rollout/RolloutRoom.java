package dev.dormouse.rooms.fleet.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.fleet.DeviceFilter;
import dev.dormouse.rooms.fleet.DeviceNote;
import dev.dormouse.rooms.fleet.DevicePage;
import dev.dormouse.rooms.fleet.Fleet;
import dev.dormouse.rooms.fleet.Query;
import dev.dormouse.rooms.fleet.UpdateDevice;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import dev.dormouse.saga.StepCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A rollout: owns a saga for each of its devices, takes part in all of them, and decides how they
/// end.
public final class RolloutRoom implements Room, Participant, SagaOwner {
  static final String REGISTRY = "registry";

  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final int PAGE = 500;

  private final RoomContext context;
  private final Book book;

  public RolloutRoom(RoomContext context) {
    this.context = context;
    book = new Book(context);
  }

  private Address address() {
    return Address.required(context.id());
  }

  private Plan plan() {
    return book.plan().orElseThrow(() -> new Refusal.NotFound("there is no such rollout"));
  }

  private Feed feed(Plan plan) {
    return new Feed(context, address(), book, plan);
  }

  private Course course(Plan plan) {
    return new Course(context, address(), book, feed(plan), plan);
  }

  // ---- time

  @Override
  public void onAlarm(Alarm alarm) {
    if (alarm.name().equals(REGISTRY)) {
      register();
      return;
    }
    Plan plan = plan();
    course(plan).go();
    feed(plan).summary();
  }

  private void register() {
    String status = Feed.word(book.head().status());
    try {
      context
          .rooms()
          .stub(Fleet.class, UpdateDevice.FLEETS, address().tenant())
          .rollout(address().name(), status);
    } catch (RoomException e) {
      if (!e.retryable()) {
        throw e;
      }
      context.alarms().set(REGISTRY, context.clock().instant().plus(AGAIN));
    }
  }

  // ---- sagas

  @Override
  public @Nullable Object onCommand(StepCommand command) {
    if (command.operation().equals(UpdateDevice.UNSETTLE)) {
      return null;
    }
    if (!command.operation().equals(UpdateDevice.SETTLE) || !command.owner().equals(context.id())) {
      throw new Refusal.NotFound("a rollout does not '" + command.operation() + "' for others");
    }
    Plan plan = plan();
    DeviceRow row = book.device(DeviceRow.index(command.sagaId()));
    if (row.saga().equals(command.sagaId()) && row.state() == DeviceState.UPDATING) {
      Course course = course(plan);
      course.move(row.asking(command.token()));
      course.look();
    }
    return LATER;
  }

  @Override
  public void onSaga(SagaNews news) {
    Plan plan = plan();
    new Newsroom(context, book, course(plan), plan).hear(news);
  }

  // ---- who watches

  @Override
  public Admission onConnect(Upgrade upgrade) {
    if (Address.of(context.id()).isEmpty() || book.plan().isEmpty()) {
      return Admission.refuse(404, "there is no such rollout");
    }
    return Admission.accept().leavingQuietly();
  }

  @Override
  public void onOpen(Connection connection) {
    feed(plan()).opened(connection);
  }

  // ---- operators

  @Override
  public HttpReply onRequest(HttpCall call) {
    Address address = address();
    String shape = call.method() + " " + call.path();
    return switch (shape) {
      case "PUT " -> make(call, address);
      case "GET " -> HttpReply.json(200, Json.write(feed(plan()).standing()));
      case "GET devices" -> HttpReply.json(200, Json.write(devices(call)));
      case "GET log" -> {
        Plan _ = plan();
        yield HttpReply.json(200, Json.write(book.log(Book.LINES)));
      }
      case "POST pause",
          "POST resume",
          "POST cancel",
          "POST rollback",
          "POST retry",
          "POST approve" -> {
        Plan plan = plan();
        new Verbs(book, course(plan), feed(plan), plan, context).carryOut(call);
        yield HttpReply.json(200, Json.write(feed(plan).standing()));
      }
      default ->
          switch (call.path()) {
            case "" -> not("GET, PUT");
            case "devices", "log" -> not("GET");
            case "pause", "resume", "cancel", "rollback", "retry", "approve" -> not("POST");
            default -> throw new Refusal.NotFound("a rollout has no '" + call.path() + "'");
          };
    };
  }

  private static HttpReply not(String allowed) {
    return HttpReply.text(405, "allowed here: " + allowed).header("allow", allowed);
  }

  /// Makes the plan, once: the list of devices is what the registry has now.
  private HttpReply make(HttpCall call, Address address) {
    Wish wish;
    try {
      wish = Json.readOrder(call.body(), Wish.class);
    } catch (BadJsonException e) {
      throw new Refusal.Refused(400, String.valueOf(e.getMessage()));
    }
    String said = Json.write(wish);
    if (book.plan().isEmpty()) {
      List<String> devices = wish.devices() != null ? wish.named() : ask(wish, address);
      // Somebody else may have made it while the registry was asked.
      if (book.plan().isEmpty()) {
        Plan plan = wish.plan(devices.size(), context.clock().instant());
        book.make(said, plan, devices);
        book.log(
            "made: firmware %s for %d devices in groups of %s"
                .formatted(plan.firmware(), devices.size(), plan.groups()));
        course(plan).look();
        context.alarms().set(REGISTRY, context.clock().instant());
        return HttpReply.json(201, Json.write(feed(plan).standing()));
      }
    }
    if (!book.wish().orElse("").equals(said)) {
      throw new Refusal.Refused(409, "this rollout was made otherwise");
    }
    return HttpReply.json(200, Json.write(feed(plan()).standing()));
  }

  private List<String> ask(Wish wish, Address address) {
    Fleet fleet = context.rooms().stub(Fleet.class, UpdateDevice.FLEETS, address.tenant());
    DeviceFilter filter = Optional.ofNullable(wish.filter()).orElse(DeviceFilter.ALL).checked();
    List<String> names = new ArrayList<>();
    String after = "";
    do {
      DevicePage page = fleet.page(filter, after, PAGE);
      names.addAll(page.devices().stream().map(DeviceNote::name).toList());
      after = page.next();
    } while (!after.isEmpty() && names.size() <= Wish.MOST);
    return names;
  }

  /// Devices of the list.
  record Page(List<Shown> devices, int next) {}

  /// @param again when it is tried again at the soonest; only of one that will be
  record Shown(
      int index,
      String name,
      String state,
      int attempt,
      String why,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String again) {}

  private Page devices(HttpCall call) {
    Plan plan = plan();
    Query.allow(call, "from");
    String from = call.parameter("from").orElse("0");
    if (!from.matches("[0-9]{1,6}")) {
      throw new Refusal.Refused(400, "'from' is a place in the list");
    }
    int first = Integer.parseInt(from);
    List<Shown> shown =
        book.devices(first, PAGE).stream()
            .map(row ->
                new Shown(
                    row.index(),
                    row.name(),
                    Feed.word(row.state()),
                    row.attempt(),
                    row.why(),
                    row.again() == 0 ? null : Instant.ofEpochMilli(row.again()).toString()))
            .toList();
    return new Page(shown, first + PAGE < plan.devices() ? first + PAGE : -1);
  }
}
