package dev.dormouse.saga.facility;

/// How others reach a desk.
interface DeskCalls {
  /// @return how far the journey is
  String book(String id, Trip trip);

  /// Does not mind being refused.
  ///
  /// @return what the refusal said
  String bookAnyway(String id, Trip trip);

  /// @return how far it is; empty if there is none
  String status(String id);

  /// @return what the step answered; empty if nothing
  String result(String id, String step);

  String cause(String id);

  void does(String verb, String id);
}
