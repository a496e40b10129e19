package dev.dormouse.rooms.shipment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/// A parcel that was packed: what the step answers, and what the room keeps of it.
///
/// @param parcel its number
/// @param at when, in milliseconds since 1970 UTC
public record Shipped(String parcel, String to, long pieces, State state, long at)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /// What became of it.
  public enum State {
    @JsonProperty("packed")
    PACKED,
    /// The saga that had it packed went back.
    @JsonProperty("recalled")
    RECALLED
  }

  Shipped recalled() {
    return new Shipped(parcel, to, pieces, State.RECALLED, at);
  }
}
