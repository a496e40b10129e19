package dev.dormouse.saga;

/// The one value of [Participant#LATER].
enum Later {
  LATER
}
