package dev.dormouse.rooms.fleet.rollout;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dormouse.room.Refusal;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.fleet.DeviceFilter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A rollout as somebody asks for it. Durations are ISO 8601, such as `PT10M`.
///
/// @param devices which; instead of `filter`
/// @param filter which of the registry's, as it is now; all if neither is given
/// @param groups by default one of all
/// @param approval `each` if every group needs one
/// @param review how long a group waits for it
/// @param retries how often a device that did not succeed is tried again
/// @param retryWait before the first time
/// @param reach how long an attempt waits for its device to connect; by default to the end
record Wish(
    @Nullable String firmware,
    @Nullable List<String> devices,
    @Nullable DeviceFilter filter,
    @Nullable List<Step> groups,
    @Nullable Double success,
    @Nullable Double failure,
    @Nullable Integer sample,
    @Nullable String groupSoak,
    @Nullable String soak,
    @Nullable String timeout,
    @Nullable String back,
    @Nullable String starts,
    @Nullable String within,
    @Nullable Integer chunk,
    @Nullable String every,
    @Nullable String policy,
    @JsonInclude(NON_NULL) @Nullable String approval,
    @JsonInclude(NON_NULL) @Nullable String review,
    @JsonInclude(NON_NULL) @Nullable Integer retries,
    @JsonInclude(NON_NULL) @Nullable String retryWait,
    @JsonInclude(NON_NULL) @Nullable String reach) {

  /// How many devices a rollout has at most.
  static final int MOST = 10_000;

  private static final Duration LONGEST = Duration.ofDays(30);

  /// A group: so many devices, or as many as bring those that have begun to this share of all.
  ///
  /// @param approval whether somebody has to approve before it begins
  record Step(
      @Nullable Integer count,
      @Nullable Double percent,
      @JsonInclude(NON_NULL) @Nullable Boolean approval) {}

  /// A group as it will be.
  private record Part(int size, boolean approval) {}

  /// @throws Refusal.Refused with 400 and a sentence, if it cannot be
  Plan plan(int devices, Instant now) {
    String version = version();
    if (devices == 0) {
      throw bad("no device is meant");
    }
    if (devices > MOST) {
      throw bad("at most " + MOST + " devices, not " + devices);
    }
    Instant begins = begins(now);
    List<Part> parts = parts(devices);
    return new Plan(
        version,
        parts.stream().map(Part::size).toList(),
        share("success", success, 1.0),
        share("failure", failure, 0.1),
        atLeastOne("sample", sample, 10),
        duration("groupSoak", groupSoak, Duration.ZERO),
        duration("soak", soak, Duration.ofMinutes(1)),
        duration("timeout", timeout, Duration.ofMinutes(30)),
        duration("back", back, Duration.ofHours(1)),
        begins.toEpochMilli(),
        begins.toEpochMilli() + duration("within", within, Duration.ofDays(1)),
        atLeastOne("chunk", chunk, 50),
        duration("every", every, Duration.ofSeconds(1)),
        whatIfTooManyFail(),
        tries(),
        review(parts));
  }

  private Retries tries() {
    int most = retries == null ? 0 : retries;
    if (most < 0 || most > 10) {
      throw bad("'retries' is 0 to 10");
    }
    return new Retries(
        most,
        duration("retryWait", retryWait, Duration.ofMinutes(1)),
        duration("reach", reach, Duration.ZERO));
  }

  private Review review(List<Part> parts) {
    List<Integer> asked =
        IntStream.range(0, parts.size()).filter(i -> parts.get(i).approval()).boxed().toList();
    return new Review(asked, duration("review", review, Duration.ofDays(1)));
  }

  /// The devices that are named; empty if the registry is to be asked.
  List<String> named() {
    List<String> names = devices == null ? List.of() : devices;
    if (!names.stream().allMatch(name -> name != null && Address.isWord(name))) {
      throw bad("'devices' are names of devices");
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw bad("'devices' are named once each");
    }
    return names;
  }

  private String version() {
    if (firmware == null) {
      throw bad("'firmware' is missing");
    }
    if (!Address.isWord(firmware)) {
      throw bad("'firmware' is 1 to 64 letters, digits, '.', '_' and '-'");
    }
    return firmware;
  }

  private List<Part> parts(int devices) {
    if (approval != null && !approval.equals("each")) {
      throw bad("'approval' is each; or it is true for a group");
    }
    boolean each = approval != null;
    List<Part> parts = new ArrayList<>();
    int begun = 0;
    for (Step step : groups == null ? List.<Step>of() : groups) {
      int until = until(step, begun, devices);
      if (until > begun) {
        parts.add(new Part(until - begun, each || Boolean.TRUE.equals(step.approval())));
        begun = until;
      }
    }
    if (begun < devices) {
      parts.add(new Part(devices - begun, each));
    }
    if (parts.size() > 100) {
      throw bad("at most 100 groups");
    }
    return List.copyOf(parts);
  }

  private static int until(Step step, int begun, int devices) {
    Integer count = step.count();
    Double percent = step.percent();
    if (count != null && percent == null && count > 0) {
      return (int) Math.min(devices, (long) begun + count);
    }
    if (percent != null && count == null && percent > 0 && percent <= 100) {
      return (int) Math.ceil(devices * percent / 100 - 1e-9);
    }
    throw bad("a group has a 'count' of at least 1, or a 'percent' of more than 0 up to 100");
  }

  private static double share(String name, @Nullable Double given, double usual) {
    double share = given == null ? usual : given;
    if (!(share >= 0 && share <= 1)) {
      throw bad("'" + name + "' is 0 to 1");
    }
    return share;
  }

  private static int atLeastOne(String name, @Nullable Integer given, int usual) {
    int number = given == null ? usual : given;
    if (number < 1 || number > MOST) {
      throw bad("'" + name + "' is 1 to " + MOST);
    }
    return number;
  }

  private static long duration(String name, @Nullable String given, Duration usual) {
    try {
      Duration duration = given == null ? usual : Duration.parse(given);
      if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
        return duration.toMillis();
      }
    } catch (DateTimeException e) {
      throw bad("'" + name + "' is a duration such as PT10M");
    }
    throw bad("'" + name + "' is at most " + LONGEST.toDays() + " days");
  }

  private Instant begins(Instant now) {
    try {
      return starts == null ? now : Instant.parse(starts);
    } catch (DateTimeException e) {
      throw bad("'starts' is a time such as 2030-01-31T12:00:00Z");
    }
  }

  private Plan.Policy whatIfTooManyFail() {
    for (Plan.Policy each : Plan.Policy.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(policy == null ? "compensate" : policy)) {
        return each;
      }
    }
    throw bad("'policy' is pause, cancel or compensate");
  }

  private static Refusal.Refused bad(String why) {
    return new Refusal.Refused(400, why);
  }
}
