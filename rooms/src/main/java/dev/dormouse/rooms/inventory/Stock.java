package dev.dormouse.rooms.inventory;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/// What there is of one SKU.
///
/// @param onHand what is there, reserved or not
/// @param reserved what is held by reservations; never more than `onHand`
public record Stock(String sku, long onHand, long reserved) implements Serializable {
  private static final long serialVersionUID = 1;

  public Stock {
    if (reserved < 0 || reserved > onHand) {
      throw new IllegalArgumentException(
          "%d of %s reserved, of %d on hand".formatted(reserved, sku, onHand));
    }
  }

  /// What can still be reserved.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public long available() {
    return onHand - reserved;
  }
}
