package dev.dormouse.room;

import org.jspecify.annotations.Nullable;

/// How rooms of a [Script] are called.
interface Lines {
  @Nullable String say(String line) throws Exception;
}
