package dev.dormouse.server.access;

import java.security.Key;
import org.jspecify.annotations.Nullable;

/// A key that tokens are checked with.
///
/// @param id its name (`kid`); null for one that stands for every name
/// @param algorithm the only one that it is used for
/// @param key public, or a secret
record SigningKey(@Nullable String id, Algorithm algorithm, Key key) {

  /// Whether a token could be signed with it.
  ///
  /// @param wanted the name in the token's header; null if it names none
  boolean suits(@Nullable String wanted, Algorithm with) {
    return algorithm == with && (id == null || wanted == null || id.equals(wanted));
  }

  @Override
  public String toString() {
    return algorithm + (id == null ? "" : " " + id);
  }
}
