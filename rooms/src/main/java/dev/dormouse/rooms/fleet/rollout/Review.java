package dev.dormouse.rooms.fleet.rollout;

import java.io.Serializable;
import java.util.List;

/// Which groups do not begin before somebody has approved.
///
/// @param groups their numbers, from 0
/// @param within how long a group waits before the plan's policy decides, in milliseconds
record Review(List<Integer> groups, long within) implements Serializable {
  static final Review NONE = new Review(List.of(), 0);

  Review {
    groups = List.copyOf(groups);
  }

  boolean asksBefore(int group) {
    return groups.contains(group);
  }

  /// What somebody has said.
  ///
  /// @param at milliseconds since 1970 UTC
  record Approval(String by, String note, long at) implements Serializable {}
}
