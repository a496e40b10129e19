package dev.dormouse.rooms.inventory;

/// What other rooms may ask of an inventory.
///
/// ```java
/// Inventory berlin = context.rooms().stub(Inventory.class, "inventory", "berlin");
/// Reservation held = berlin.reserve("cup-blue", 2, orderNumber);
/// ```
public interface Inventory {

  /// @throws Refusal.NotFound if there is no such SKU
  Stock stock(String sku);

  /// Takes `quantity` out of what is available, for 15 minutes, unless it is confirmed before.
  ///
  /// @param key chosen by the caller, so that asking again gives the same reservation
  /// @throws Refusal.Refused with 409 if less is available, with 422 if the key stands for
  ///   something else
  /// @throws Refusal.NotFound if there is no such SKU
  Reservation reserve(String sku, long quantity, String key);

  /// Takes the reserved quantity out of the stock for good. Asking again changes nothing.
  ///
  /// @throws Refusal.Refused with 409 if the reservation was released or has expired
  /// @throws Refusal.NotFound if there is no such reservation, or it ended more than a day ago
  Reservation confirm(String id);

  /// Makes the reserved quantity available again. Asking again, or after it expired, changes
  /// nothing.
  ///
  /// @throws Refusal.Refused with 409 if it was confirmed
  /// @throws Refusal.NotFound if there is no such reservation, or it ended more than a day ago
  Reservation release(String id);
}
