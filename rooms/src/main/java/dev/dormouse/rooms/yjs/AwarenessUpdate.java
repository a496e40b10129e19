package dev.dormouse.rooms.yjs;

import java.util.ArrayList;
import java.util.List;

/// News of who is there: for each client a clock and its state (name, colour, cursor ...), which is
/// never stored.
public record AwarenessUpdate(List<Entry> entries) {
  /// News of no one.
  public static final AwarenessUpdate EMPTY = new AwarenessUpdate(List.of());

  private static final String GONE = "null";

  public AwarenessUpdate {
    entries = List.copyOf(entries);
  }

  /// One client's state.
  ///
  /// @param clock rises with each change and each renewal
  /// @param state JSON text; `null` (the JSON word) says the client is gone
  public record Entry(long client, long clock, String state) {
    /// Says that the client left after `clock`.
    static Entry gone(long client, long clock) {
      return new Entry(client, clock, GONE);
    }

    /// Whether the client is gone.
    public boolean isGone() {
      return state.equals(GONE);
    }
  }

  /// Reads an encoded awareness update.
  ///
  /// @throws MalformedUpdateException if `bytes` are none, a state is no JSON, or beyond `limits`
  public static AwarenessUpdate decode(byte[] bytes, YLimits limits)
      throws MalformedUpdateException {
    return read(new ByteReader(bytes), limits);
  }

  static AwarenessUpdate read(ByteReader in, YLimits limits) throws MalformedUpdateException {
    int count = in.count("awareness entries", 3, limits.clients());
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long client = in.varUint();
      long clock = in.varUint();
      int start = in.position();
      JsonText.check(JsonText.text(in, limits.awarenessStateBytes()), limits);
      String state = new ByteReader(in.bytes(), start, in.position()).string();
      entries.add(new Entry(client, clock, state.strip().equals(GONE) ? GONE : state));
    }
    in.expectEnd();
    return new AwarenessUpdate(entries);
  }

  /// Whether there is no news.
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// The encoded bytes.
  public byte[] encode() {
    ByteWriter out = new ByteWriter(64);
    out.varUint(entries.size());
    for (Entry entry : entries) {
      out.varUint(entry.client()).varUint(entry.clock()).string(entry.state());
    }
    return out.toBytes();
  }
}
