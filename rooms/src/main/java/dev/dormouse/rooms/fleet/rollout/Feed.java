package dev.dormouse.rooms.fleet.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What people who watch a rollout are told: all of it when they come, and then what changes.
final class Feed {
  private static final int STUCK_SHOWN = 200;

  private final RoomContext context;
  private final Address address;
  private final Book book;
  private final Plan plan;

  Feed(RoomContext context, Address address, Book book, Plan plan) {
    this.context = context;
    this.address = address;
    this.book = book;
    this.plan = plan;
  }

  /// One JSON object a text frame, told apart by `type`.
  @JsonPropertyOrder("type")
  sealed interface Frame {
    @JsonProperty("type")
    default String type() {
      return switch (this) {
        case All _ -> "all";
        case Change _ -> "device";
        case Summary _ -> "summary";
        case Said _ -> "log";
      };
    }
  }

  /// Everything: takes the place of all that was told before.
  ///
  /// @param devices the names, in the order of the list
  /// @param states for each device one letter
  /// @param why by place in the list, of those that are not as they should be
  record All(
      Summary summary,
      List<String> devices,
      String states,
      Map<Integer, String> why,
      List<Book.Line> log)
      implements Frame {}

  /// A device stands otherwise now.
  ///
  /// @param index its place in the list
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(int index, String state, @Nullable String why) implements Frame {}

  /// How the rollout stands.
  ///
  /// @param group the newest that has begun, from 0; -1 before the first
  record Summary(
      String tenant,
      String name,
      String firmware,
      String status,
      boolean paused,
      boolean over,
      String why,
      String policy,
      int group,
      List<Part> groups,
      List<Stuck> stuck)
      implements Frame {}

  /// A group.
  ///
  /// @param gate of what stands behind it: `waiting`, `shut`, `open` or `broken`
  /// @param needed how many must succeed
  /// @param forgiven whether somebody has said to go on in spite of its failures
  /// @param approval what stands before it: `none`, `needed`, or `given`
  /// @param approvedBy who gave it, with `note`; empty if nobody did
  record Part(
      int size,
      String gate,
      int needed,
      int succeeded,
      int failed,
      int unreached,
      boolean forgiven,
      String approval,
      String approvedBy,
      String note,
      Map<String, Integer> states) {}

  /// A device that does not go back.
  record Stuck(String device, String why) {}

  record Said(Book.Line line) implements Frame {}

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  void opened(Connection connection) {
    List<String> names = new ArrayList<>();
    StringBuilder states = new StringBuilder();
    Map<Integer, String> why = new TreeMap<>();
    for (DeviceRow row : book.devices(0, Integer.MAX_VALUE)) {
      names.add(row.name());
      states.append(row.state().letter());
      if (!row.why().isEmpty()) {
        why.put(row.index(), row.why());
      }
    }
    connection.send(message(new All(standing(), names, states.toString(), why, book.log(100))));
  }

  void device(DeviceRow row) {
    if (isWatched()) {
      tell(
          new Change(
              row.index(),
              String.valueOf(row.state().letter()),
              row.why().isEmpty() ? null : row.why()));
    }
  }

  void summary() {
    if (isWatched()) {
      tell(standing());
    }
  }

  void log(Book.Line line) {
    if (isWatched()) {
      tell(new Said(line));
    }
  }

  private boolean isWatched() {
    return context.connections().count() > 0;
  }

  private void tell(Frame frame) {
    context.connections().broadcast(message(frame));
  }

  private static Message message(Frame frame) {
    return Message.of(Json.write(frame));
  }

  Summary standing() {
    Head head = book.head();
    List<Part> parts = new ArrayList<>();
    for (int number = 0; number < plan.groups().size(); number++) {
      parts.add(part(book.group(number), number, head));
    }
    return new Summary(
        address.tenant(),
        address.name(),
        plan.firmware(),
        word(head.status()),
        head.paused(),
        head.status().isOver(),
        head.why(),
        word(plan.policy()),
        head.group(),
        parts,
        book.stuck(STUCK_SHOWN).stream().map(row -> new Stuck(row.name(), row.why())).toList());
  }

  private Part part(Group group, int number, Head head) {
    Map<String, Integer> states = new TreeMap<>();
    group.count().forEach((state, count) -> states.put(word(state), count));
    String gate =
        number < head.group()
            ? "open"
            : number > head.group() ? "waiting" : word(Gate.behind(group, plan));
    Optional<Review.Approval> given = book.approval(number);
    String approval =
        given.isPresent() ? "given" : plan.review().asksBefore(number) ? "needed" : "none";
    return new Part(
        group.size(),
        gate,
        Gate.needed(group, plan),
        group.succeeded(),
        group.failed(),
        group.unreached(),
        group.forgiven(),
        approval,
        given.map(Review.Approval::by).orElse(""),
        given.map(Review.Approval::note).orElse(""),
        states);
  }
}
