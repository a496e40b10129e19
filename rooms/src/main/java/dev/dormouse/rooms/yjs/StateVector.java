package dev.dormouse.rooms.yjs;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// How much somebody knows of a document: for each client, all its clocks below the one named.
///
/// Deletions are not covered, so the whole delete set travels with every difference. Immutable.
public final class StateVector {
  /// The state of somebody who knows nothing.
  public static final StateVector EMPTY = new StateVector(new TreeMap<>());

  /// By descending client id, the order of writing.
  private final NavigableMap<Long, Long> next;

  private StateVector(NavigableMap<Long, Long> next) {
    this.next = next;
  }

  /// A state vector with these next clocks by client; clients at clock 0 are left out.
  static StateVector of(Map<Long, Long> nextClocks) {
    NavigableMap<Long, Long> next = new TreeMap<>(Collections.reverseOrder());
    nextClocks.forEach((client, clock) -> {
      if (clock > 0) {
        next.put(client, clock);
      }
    });
    return new StateVector(next);
  }

  /// Reads an encoded state vector. Of two entries of one client the later counts.
  ///
  /// @throws MalformedUpdateException if `bytes` are none, or are beyond `limits`
  public static StateVector decode(byte[] bytes, YLimits limits) throws MalformedUpdateException {
    return read(new ByteReader(bytes), limits);
  }

  static StateVector read(ByteReader in, YLimits limits) throws MalformedUpdateException {
    NavigableMap<Long, Long> next = new TreeMap<>(Collections.reverseOrder());
    int entries = in.count("clients in the state vector", 2, limits.clients());
    for (int i = 0; i < entries; i++) {
      next.put(in.varUint(), in.varUint());
    }
    in.expectEnd();
    return new StateVector(next);
  }

  /// The first clock of `client` that is not known.
  public long next(long client) {
    return next.getOrDefault(client, 0L);
  }

  /// How many clients it names; each takes some 100 bytes of memory.
  public int clients() {
    return next.size();
  }

  /// The bytes of this state vector, clients in descending order as Yjs writes them.
  public byte[] encode() {
    ByteWriter out = new ByteWriter(1 + 8 * next.size());
    out.varUint(next.size());
    next.forEach((client, clock) -> out.varUint(client).varUint(clock));
    return out.toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateVector that && next.equals(that.next);
  }

  @Override
  public int hashCode() {
    return next.hashCode();
  }

  @Override
  public String toString() {
    return "StateVector" + next;
  }
}
