package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.fleet.Assign;
import java.io.Serializable;
import java.util.List;

/// What a rollout is to do; never changed once it is made. Times in milliseconds.
///
/// @param firmware the new version
/// @param groups the sizes of the groups, in order
/// @param success the share of a group that must be updated before the next one begins, 0 to 1
/// @param failure the share of a group that may fail, 0 to 1
/// @param sample of how many devices of a group something must be known before their failures are
///   taken for the group's; a smaller group must be known whole
/// @param groupSoak how long a group must have passed before the next one begins
/// @param soak how long a device must be well
/// @param timeout how long a device may take once it was told
/// @param back how long it may take to go back
/// @param starts when the first group begins
/// @param ends when all devices must be done, in milliseconds since 1970 UTC like `starts`
/// @param chunk how many devices are begun, or called back, at once
/// @param every the time between two chunks
/// @param policy what happens when too many fail, or nobody approves
/// @param retries how a device is tried again
/// @param review which groups need an approval
record Plan(
    String firmware,
    List<Integer> groups,
    double success,
    double failure,
    int sample,
    long groupSoak,
    long soak,
    long timeout,
    long back,
    long starts,
    long ends,
    int chunk,
    long every,
    Policy policy,
    Retries retries,
    Review review)
    implements Serializable {

  /// Stored plans that were made before there were retries and reviews have none.
  Plan {
    retries = retries == null ? Retries.NONE : retries;
    review = review == null ? Review.NONE : review;
  }

  /// What happens when too many devices of a group fail.
  enum Policy {
    /// Nothing new is begun until somebody has looked.
    PAUSE,
    /// Those under way are called back, those that are updated stay so.
    CANCEL,
    /// All are called back, those of the newest group first.
    COMPENSATE
  }

  int devices() {
    return groups.stream().mapToInt(Integer::intValue).sum();
  }

  /// The place in the list at which a group begins.
  int begin(int group) {
    return groups.subList(0, group).stream().mapToInt(Integer::intValue).sum();
  }

  int end(int group) {
    return begin(group) + groups.get(group);
  }

  int groupOf(int index) {
    int group = 0;
    int end = groups.getFirst();
    while (index >= end) {
      group++;
      end += groups.get(group);
    }
    return group;
  }

  /// @param ends when the attempt must be done, in milliseconds since 1970 UTC
  Assign assign(Address rollout, String device, long ends) {
    return new Assign(rollout.sibling(device), firmware, soak, timeout, ends, back);
  }
}
