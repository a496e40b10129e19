package dev.dormouse.rooms.inventory;

import java.util.List;
import java.util.Optional;

/// Where an inventory's rows lie. What holds between them is the [Ledger]'s business, which writes
/// them in transactions.
interface Rows {

  Optional<Stock> stock(String sku);

  /// SKUs in order, those behind `after`.
  List<Stock> stock(String after, int limit);

  void put(Stock stock);

  Optional<Reservation> reservation(String id);

  /// The id of the reservation that a key stands for.
  Optional<String> byKey(String key);

  /// The ids of reservations whose keys begin so, by key.
  List<String> byKeys(String beginning);

  /// Writes a reservation, and what its key stands for if it has one.
  void put(Reservation reservation);

  void remove(Reservation reservation);

  /// When something is to be done about a reservation, in milliseconds since 1970 UTC.
  record Due(long time, String id) {}

  /// What is due first.
  List<Due> due(int limit);

  void put(Due due);

  void remove(Due due);

  /// A number that is kept by name; 0 until it is put.
  long number(String name);

  void put(String name, long number);
}
