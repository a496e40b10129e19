package dev.dormouse.rooms.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A quantity of one SKU that is set aside for somebody.
///
/// @param id unique in its inventory
/// @param key what the client called it, if it did
/// @param expiresAt when it ends by itself while [State#HELD], in milliseconds since 1970 UTC
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reservation(
    String id, String sku, long quantity, State state, @Nullable String key, long expiresAt)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /// Where a reservation stands. It begins as [#HELD] and ends as one of the others.
  public enum State {
    /// The quantity is set aside.
    @JsonProperty("held")
    HELD,
    /// It left the stock.
    @JsonProperty("confirmed")
    CONFIRMED,
    /// It was given back.
    @JsonProperty("released")
    RELEASED,
    /// Its time was up.
    @JsonProperty("expired")
    EXPIRED
  }

  Reservation now(State state) {
    return new Reservation(id, sku, quantity, state, key, expiresAt);
  }
}
