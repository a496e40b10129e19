package dev.dormouse.crash;

/// How clients reach an owner.
public interface OwnerCalls {

  /// @return how far the saga is
  String begin(String definition, String saga, Errand errand);

  /// @return how far it is; empty if there is none
  String status(String saga);

  /// `cancel`, `pause` or `resume`.
  void verb(String verb, String saga);

  /// Compares the room's version with `expected`, and leaves `op` there if it is that.
  void swap(long expected, String op);

  /// Sends a parcel.
  void send(String op, String mood);

  long version();
}
