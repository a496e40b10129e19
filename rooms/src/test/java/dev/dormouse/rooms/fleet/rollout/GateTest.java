package dev.dormouse.rooms.fleet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// When a group may be followed by the next, and when it has failed.
class GateTest {
  private static Plan plan(double success, double failure, int sample) {
    return new Plan(
        "2.0",
        List.of(100),
        success,
        failure,
        sample,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        0,
        Plan.Policy.PAUSE,
        Retries.NONE,
        Review.NONE);
  }

  /// A group in which all that neither succeeded nor failed are being updated.
  private static Group group(int size, int succeeded, int failed) {
    Group group = Group.of(size);
    for (int i = 0; i < size; i++) {
      group = group.moved(DeviceState.WAITING, DeviceState.UPDATING);
    }
    for (int i = 0; i < succeeded; i++) {
      group = group.moved(DeviceState.UPDATING, DeviceState.CONFIRMED);
    }
    for (int i = 0; i < failed; i++) {
      group = group.moved(DeviceState.UPDATING, DeviceState.RETURNED).failed(1);
    }
    return group;
  }

  @Test
  void opens_when_the_share_has_succeeded_though_others_are_under_way() {
    assertThat(Gate.behind(group(10, 8, 0), plan(0.9, 0.1, 5))).isEqualTo(Gate.SHUT);
    assertThat(Gate.behind(group(10, 9, 0), plan(0.9, 0.1, 5))).isEqualTo(Gate.OPEN);
  }

  @Test
  void stays_shut_while_somebody_of_the_group_has_not_begun() {
    Group group = group(10, 10, 0).moved(DeviceState.CONFIRMED, DeviceState.WAITING);
    assertThat(Gate.behind(group, plan(0.5, 0.1, 5))).isEqualTo(Gate.SHUT);
  }

  @Test
  void a_first_failure_in_a_large_group_says_nothing_before_the_sample_is_there() {
    assertThat(Gate.behind(group(100, 0, 1), plan(0.9, 0.1, 10))).isEqualTo(Gate.SHUT);
    assertThat(Gate.behind(group(100, 7, 2), plan(0.9, 0.1, 10))).isEqualTo(Gate.SHUT);
    assertThat(Gate.behind(group(100, 8, 2), plan(0.9, 0.1, 10))).isEqualTo(Gate.BROKEN);
  }

  @Test
  void a_failure_that_already_exceeds_the_share_of_the_whole_group_needs_no_sample() {
    assertThat(Gate.behind(group(3, 0, 1), plan(0.5, 0.1, 50))).isEqualTo(Gate.BROKEN);
    assertThat(Gate.behind(group(100, 0, 11), plan(0.5, 0.1, 50))).isEqualTo(Gate.BROKEN);
  }

  @Test
  void a_group_smaller_than_the_sample_is_judged_once_all_of_it_is_known() {
    assertThat(Gate.behind(group(4, 2, 1), plan(0.75, 0.3, 10))).isEqualTo(Gate.SHUT);
    assertThat(Gate.behind(group(4, 3, 1), plan(0.75, 0.3, 10))).isEqualTo(Gate.OPEN);
  }

  @Test
  void exactly_the_permitted_share_is_permitted() {
    assertThat(Gate.behind(group(10, 9, 1), plan(0.9, 0.1, 10))).isEqualTo(Gate.OPEN);
    assertThat(Gate.behind(group(30, 27, 3), plan(0.9, 0.1, 10))).isEqualTo(Gate.OPEN);
  }

  @Test
  void is_broken_when_too_few_can_still_succeed_though_none_failed() {
    Group group = group(10, 5, 0);
    for (int i = 0; i < 5; i++) {
      group = group.moved(DeviceState.UPDATING, DeviceState.RETURNED).unreached(1);
    }
    assertThat(Gate.behind(group, plan(0.9, 0.1, 5))).isEqualTo(Gate.BROKEN);
    assertThat(Gate.behind(group, plan(0.5, 0.1, 5))).isEqualTo(Gate.OPEN);
  }

  @Test
  void a_forgiven_group_is_never_broken() {
    assertThat(Gate.behind(group(3, 0, 3).forgive(), plan(0.9, 0, 1))).isEqualTo(Gate.OPEN);
  }
}
