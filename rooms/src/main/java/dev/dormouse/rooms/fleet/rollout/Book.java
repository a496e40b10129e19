package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The rows of a rollout. Keeps nothing itself: what is read is as the turn sees it, so that what a
/// saga's news change in the middle of a verb is not written over.
final class Book {
  /// How many lines of the log are kept.
  static final int LINES = 500;

  private static final String PLAN = "plan";
  private static final String HEAD = "head";
  private static final String GROUP = "group/";
  private static final String DEVICE = "device/";
  private static final String STUCK = "stuck/";
  private static final String AGAIN = "again/";
  private static final String APPROVAL = "approval/";
  private static final String LINE = "log/";
  private static final String LINE_COUNT = "lines";

  private final RoomContext context;

  Book(RoomContext context) {
    this.context = context;
  }

  // ---- plan and head

  Optional<Plan> plan() {
    return context.storage().getValue(PLAN, Plan.class);
  }

  /// What was asked for when the plan was made, word for word.
  Optional<String> wish() {
    return context.storage().getText("wish");
  }

  void make(String wish, Plan plan, List<String> devices) {
    context.storage().putText("wish", wish);
    context.storage().putValue(PLAN, plan);
    head(Head.NEW);
    for (int i = 0; i < devices.size(); i++) {
      put(DeviceRow.waiting(i, devices.get(i)));
    }
    for (int g = 0; g < plan.groups().size(); g++) {
      group(g, Group.of(plan.groups().get(g)));
    }
  }

  Head head() {
    return context.storage().getValue(HEAD, Head.class).orElse(Head.NEW);
  }

  void head(Head head) {
    context.storage().putValue(HEAD, head);
  }

  // ---- groups

  Group group(int group) {
    return context.storage().getValue(GROUP + group, Group.class).orElseThrow();
  }

  void group(int number, Group group) {
    context.storage().putValue(GROUP + number, group);
  }

  List<Group> groups(Plan plan) {
    return IntStream.range(0, plan.groups().size()).mapToObj(this::group).toList();
  }

  // ---- devices

  DeviceRow device(int index) {
    return context
        .storage()
        .getValue(key(DEVICE, index), DeviceRow.class)
        .orElseThrow(() -> new IllegalStateException("no device " + index));
  }

  List<DeviceRow> devices(int from, int limit) {
    return context
        .storage()
        .list(KeyRange.prefixed(DEVICE).from(key(DEVICE, from)).limited(limit))
        .stream()
        .map(row -> context.storage().getValue(row.key(), DeviceRow.class).orElseThrow())
        .toList();
  }

  Optional<DeviceRow> device(String name) {
    int from = 0;
    List<DeviceRow> page;
    do {
      page = devices(from, 500);
      Optional<DeviceRow> found = page.stream().filter(row -> row.name().equals(name)).findFirst();
      if (found.isPresent()) {
        return found;
      }
      from += 500;
    } while (page.size() == 500);
    return Optional.empty();
  }

  private void put(DeviceRow row) {
    context.storage().putValue(key(DEVICE, row.index()), row);
  }

  /// A device stands otherwise now; its group is counted anew.
  void move(Plan plan, DeviceRow after) {
    DeviceRow before = device(after.index());
    put(after);
    if (before.state() != after.state()) {
      int number = plan.groupOf(after.index());
      group(number, group(number).moved(before.state(), after.state()));
      if (after.state() == DeviceState.STUCK) {
        context.storage().putText(key(STUCK, after.index()), after.name());
      } else if (before.state() == DeviceState.STUCK) {
        context.storage().delete(key(STUCK, after.index()));
      } else if (before.state() == DeviceState.RETRYING) {
        context.storage().delete(again(before));
      }
    }
  }

  /// A device that is to be tried again has gone back, and may be once its time has come.
  void ready(DeviceRow row) {
    context.storage().putText(again(row), row.name());
  }

  boolean isReady(DeviceRow row) {
    return context.storage().get(again(row)).isPresent();
  }

  /// Devices that may be tried again, in the order of their times.
  List<DeviceRow> ready(int limit) {
    return context.storage().list(KeyRange.prefixed(AGAIN).limited(limit)).stream()
        .map(row -> device(Integer.parseInt(row.key().substring(row.key().lastIndexOf('/') + 1))))
        .toList();
  }

  private static String again(DeviceRow row) {
    return AGAIN + "%019d/%06d".formatted(row.again(), row.index());
  }

  // ---- approvals

  Optional<Review.Approval> approval(int group) {
    return context.storage().getValue(APPROVAL + group, Review.Approval.class);
  }

  void approve(int group, Review.Approval approval) {
    context.storage().putValue(APPROVAL + group, approval);
  }

  // ---- stuck devices

  /// Devices that do not go back, at most `limit`.
  List<DeviceRow> stuck(int limit) {
    List<DeviceRow> found = new ArrayList<>();
    context
        .storage()
        .list(KeyRange.prefixed(STUCK).limited(limit))
        .forEach(row -> found.add(device(Integer.parseInt(row.key().substring(STUCK.length())))));
    return found;
  }

  private static String key(String prefix, int index) {
    return prefix + "%06d".formatted(index);
  }

  // ---- log

  /// @param n counts the lines of this rollout, from 1
  /// @param at in milliseconds since 1970 UTC
  record Line(long n, long at, String text) implements java.io.Serializable {}

  Line log(String text) {
    long n = context.storage().getText(LINE_COUNT).map(Long::parseLong).orElse(0L) + 1;
    Line line = new Line(n, context.clock().millis(), text);
    context.storage().putText(LINE_COUNT, Long.toString(n));
    context.storage().putValue(line(n), line);
    if (n > LINES) {
      context.storage().delete(line(n - LINES));
    }
    return line;
  }

  /// The last lines, oldest first.
  List<Line> log(int limit) {
    return context.storage().list(KeyRange.prefixed(LINE).reversed().limited(limit)).stream()
        .map(row -> context.storage().getValue(row.key(), Line.class).orElseThrow())
        .toList()
        .reversed();
  }

  private static String line(long n) {
    return LINE + "%09d".formatted(n);
  }
}
