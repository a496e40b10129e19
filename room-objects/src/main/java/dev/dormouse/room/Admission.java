package dev.dormouse.room;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A room's answer to an [Upgrade].
public sealed interface Admission {
  /// How many tags a connection carries at most, and how many characters each has at most.
  int MAX_TAGS = 10;

  int MAX_TAG_LENGTH = 256;

  /// How many bytes an attachment has at most.
  int MAX_ATTACHMENT = 16 * 1024;

  static Accepted accept() {
    return new Accepted(Set.of(), new byte[0], null, null, true, Access.ADMIN);
  }

  /// Refuses with an HTTP `status`, 400 to 599.
  static Refused refuse(int status, String reason) {
    return new Refused(status, reason);
  }

  /// The client may connect.
  ///
  /// @param subProtocol one that the client offered, or null for none
  /// @param doorman the name of one that the namespace declares, or null for none (C6)
  /// @param hearsClose whether the room is told, and woken if it sleeps, when the connection ends
  /// @param access how much the connection may do; it never gets more than its [Identity] has
  record Accepted(
      Set<String> tags,
      byte[] attachment,
      @Nullable String subProtocol,
      @Nullable String doorman,
      boolean hearsClose,
      Access access)
      implements Admission {
    public Accepted {
      tags = checkTags(tags);
      attachment = checkAttachment(attachment);
    }

    public Accepted tagged(String... tags) {
      return new Accepted(Set.of(tags), attachment, subProtocol, doorman, hearsClose, access);
    }

    public Accepted attached(byte[] attachment) {
      return new Accepted(tags, attachment, subProtocol, doorman, hearsClose, access);
    }

    public Accepted speaking(String subProtocol) {
      return new Accepted(tags, attachment, subProtocol, doorman, hearsClose, access);
    }

    /// Puts a doorman before the connection, by the name under which the namespace declares it.
    public Accepted metBy(String doorman) {
      return new Accepted(tags, attachment, subProtocol, doorman, hearsClose, access);
    }

    /// Lets the connection end without a word: neither [Room#onClose] nor [Room#onError] is called
    /// for it, whether the room is awake or asleep, and its end wakes nobody (C5).
    public Accepted leavingQuietly() {
      return new Accepted(tags, attachment, subProtocol, doorman, false, access);
    }

    /// Lets the connection do no more than that, whatever its [Identity] would let it do.
    public Accepted atMost(Access limit) {
      return new Accepted(tags, attachment, subProtocol, doorman, hearsClose, access.atMost(limit));
    }

    public Optional<String> protocol() {
      return Optional.ofNullable(subProtocol);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Accepted that
          && tags.equals(that.tags)
          && Arrays.equals(attachment, that.attachment)
          && Objects.equals(subProtocol, that.subProtocol)
          && Objects.equals(doorman, that.doorman)
          && hearsClose == that.hearsClose
          && access == that.access;
    }

    @Override
    public int hashCode() {
      return Objects.hash(
          tags, Arrays.hashCode(attachment), subProtocol, doorman, hearsClose, access);
    }
  }

  /// The client may not connect: its upgrade is answered with `status`.
  record Refused(int status, String reason) implements Admission {
    public Refused {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("an upgrade is refused with 400 to 599, not " + status);
      }
    }
  }

  /// Checks tags against the limits of a connection and copies them.
  static Set<String> checkTags(Set<String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "a connection carries at most " + MAX_TAGS + " tags, not " + tags.size());
    }
    for (String tag : tags) {
      if (tag.isEmpty() || tag.length() > MAX_TAG_LENGTH) {
        throw new IllegalArgumentException(
            "a tag has 1 to " + MAX_TAG_LENGTH + " characters, not " + tag.length());
      }
    }
    return Set.copyOf(tags);
  }

  /// Checks an attachment against the limit of a connection and copies it.
  static byte[] checkAttachment(byte[] attachment) {
    if (attachment.length > MAX_ATTACHMENT) {
      throw new IllegalArgumentException(
          "an attachment has at most " + MAX_ATTACHMENT + " bytes, not " + attachment.length);
    }
    return attachment.clone();
  }
}
