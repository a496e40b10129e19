package dev.dormouse.rooms.fleet.rollout;

/// What stands behind a group: whether the next one may begin.
enum Gate {
  /// Not enough is known.
  SHUT,
  /// Enough of the group succeeded.
  OPEN,
  /// Too many failed, or too few can still succeed.
  BROKEN;

  /// How the gate behind a group stands. Pure.
  ///
  /// A group has failed when more of it than the plan permits have failed: of the whole group, or,
  /// once the sample is large enough, of those of which something is known. So a first failure
  /// among a thousand says nothing yet, and a first failure in a group of three may say it all.
  static Gate behind(Group group, Plan plan) {
    if (!group.forgiven() && hasFailed(group, plan)) {
      return BROKEN;
    }
    if (group.in(DeviceState.WAITING) > 0) {
      return SHUT;
    }
    if (group.succeeded() >= needed(group, plan)) {
      return OPEN;
    }
    if (!group.isDecided()) {
      return SHUT;
    }
    return group.forgiven() ? OPEN : BROKEN;
  }

  private static boolean hasFailed(Group group, Plan plan) {
    int known = group.succeeded() + group.failed();
    int sample = Math.min(plan.sample(), group.size());
    return exceeds(group.failed(), plan.failure() * group.size())
        || (known >= sample && exceeds(group.failed(), plan.failure() * known));
  }

  /// Shares are decimal fractions, which doubles only come near.
  private static boolean exceeds(int count, double limit) {
    return count > limit + 1e-9;
  }

  /// How many of a group must succeed.
  static int needed(Group group, Plan plan) {
    return (int) Math.ceil(plan.success() * group.size() - 1e-9);
  }
}
