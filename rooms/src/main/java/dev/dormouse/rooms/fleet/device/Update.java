package dev.dormouse.rooms.fleet.device;

import dev.dormouse.rooms.fleet.Assign;
import dev.dormouse.rooms.fleet.Verdict;
import java.io.Serializable;

/// The firmware update that is open at a device, and how it stands. There is one at most.
///
/// @param rollout the name of the rollout's room
/// @param saga the saga's id there
/// @param previous the firmware it had, and goes back to
/// @param desired the version of the desired state that asks for what it shall have now
/// @param told whether the device may have heard of the new firmware
/// @param reached whether it ever had it
/// @param since when the device was first told, or when it began to go back; 0 if neither
/// @param wellSince since when it has been there, connected and well; 0 if it is not
/// @param token whom to answer; empty if nobody waits
/// @param reason why it failed or does not go back; else empty
/// @param progress what the device says it is doing
record Update(
    String rollout,
    String saga,
    Assign assign,
    String previous,
    Phase phase,
    long desired,
    boolean told,
    boolean reached,
    long since,
    long wellSince,
    String token,
    String reason,
    String progress)
    implements Serializable {

  /// Where it stands.
  enum Phase {
    /// The device is to get the new firmware.
    ASKED,
    /// It has had it for the soak time.
    UPDATED,
    /// It will not get it; whoever asked decides what follows.
    FAILED,
    /// It is to get the old one back.
    RETURNING,
    /// It does not go back, and somebody has to look.
    STRANDED
  }

  static Update asked(
      String rollout, String saga, Assign assign, String previous, long desired, boolean hasIt) {
    return new Update(
        rollout, saga, assign, previous, Phase.ASKED, desired, hasIt, false, 0, 0, "", "", "");
  }

  /// The firmware it shall have now.
  String target() {
    return switch (phase) {
      case ASKED, UPDATED, FAILED -> assign.firmware();
      case RETURNING, STRANDED -> previous;
    };
  }

  /// When something is due if nobody says anything before; [Long#MAX_VALUE] if nothing is.
  long due() {
    return switch (phase) {
      case ASKED ->
          Math.min(deadline(), wellSince > 0 ? wellSince + assign.soakMillis() : deadline());
      case RETURNING -> since + assign.backMillis();
      case UPDATED, FAILED, STRANDED -> Long.MAX_VALUE;
    };
  }

  private long deadline() {
    return since > 0 ? Math.min(assign.ends(), since + assign.timeoutMillis()) : assign.ends();
  }

  boolean isOverdue(long now) {
    return phase == Phase.ASKED ? now >= deadline() : now >= due();
  }

  boolean hasSoaked(long now) {
    return wellSince > 0 && now >= wellSince + assign.soakMillis();
  }

  Update waitedForBy(String token) {
    return with(phase, since, wellSince, token, reason);
  }

  Update told(long now) {
    return new Update(
        rollout,
        saga,
        assign,
        previous,
        phase,
        desired,
        true,
        reached,
        since == 0 ? now : since,
        wellSince,
        token,
        reason,
        progress);
  }

  /// It is there and well since `now`, or for longer.
  Update well(long now) {
    return new Update(
        rollout,
        saga,
        assign,
        previous,
        phase,
        desired,
        true,
        true,
        since == 0 ? now : since,
        wellSince == 0 ? now : wellSince,
        token,
        reason,
        progress);
  }

  Update notWell() {
    return with(phase, since, 0, token, reason);
  }

  Update doing(String progress) {
    return new Update(
        rollout, saga, assign, previous, phase, desired, told, reached, since, wellSince, token,
        reason, progress);
  }

  Update updated() {
    return with(Phase.UPDATED, since, wellSince, "", reason);
  }

  Update failed(Verdict verdict, String why) {
    return with(Phase.FAILED, since, 0, "", verdict.because(why));
  }

  Update returning(long now, long desired) {
    return new Update(
        rollout,
        saga,
        assign,
        previous,
        Phase.RETURNING,
        desired,
        told,
        reached,
        now,
        0,
        "",
        "",
        "");
  }

  Update stranded(String why) {
    return with(Phase.STRANDED, since, 0, "", why);
  }

  private Update with(Phase phase, long since, long wellSince, String token, String reason) {
    return new Update(
        rollout, saga, assign, previous, phase, desired, told, reached, since, wellSince, token,
        reason, progress);
  }
}
