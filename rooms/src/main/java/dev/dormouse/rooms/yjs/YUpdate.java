package dev.dormouse.rooms.yjs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A checked Yjs update: changes to a document, or a whole document, which is the same thing.
///
/// An update is a set. Applying it twice changes nothing, the order of applying does not matter,
/// and merging two is their union. Immutable; an object of this type is proof that an editor can
/// read the bytes.
public final class YUpdate {
  /// The update that changes nothing.
  public static final YUpdate EMPTY = new YUpdate(new byte[] {0, 0}, List.of(), DeleteSet.EMPTY);

  private final byte[] bytes;
  private final List<Block> blocks;
  private final DeleteSet deletes;

  /// Takes ownership of all three.
  YUpdate(byte[] bytes, List<Block> blocks, DeleteSet deletes) {
    this.bytes = bytes;
    this.blocks = blocks;
    this.deletes = deletes;
  }

  /// Checks and copies `bytes`.
  ///
  /// Stricter than Yjs where that protects the other editors: what would make one of them fail on
  /// opening the document is refused (bad JSON, an item that refers to its own future, two blocks
  /// of one client, trailing bytes), and so is what is beyond `limits`.
  ///
  /// @throws MalformedUpdateException if `bytes` are no update in the first encoding
  public static YUpdate decode(byte[] bytes, YLimits limits) throws MalformedUpdateException {
    return adopt(bytes.clone(), limits);
  }

  /// Checks `bytes` and keeps them.
  static YUpdate adopt(byte[] bytes, YLimits limits) throws MalformedUpdateException {
    if (bytes.length > limits.updateBytes()) {
      throw new MalformedUpdateException(
          "an update of "
              + bytes.length
              + " bytes, more than the "
              + limits.updateBytes()
              + " allowed",
          limits.updateBytes());
    }
    ByteReader in = new ByteReader(bytes);
    List<Block> blocks = readBlocks(in, limits);
    DeleteSet deletes = DeleteSet.read(in, limits);
    in.expectEnd();
    return new YUpdate(bytes, blocks, deletes);
  }

  private static List<Block> readBlocks(ByteReader in, YLimits limits)
      throws MalformedUpdateException {
    int count = in.count("clients", 3, limits.clients());
    List<Block> blocks = new ArrayList<>(count);
    Set<Long> clients = new HashSet<>();
    int structsLeft = limits.structs();
    for (int i = 0; i < count; i++) {
      int structs = in.count("structs", 2, structsLeft);
      structsLeft -= structs;
      int position = in.position();
      long client = in.varUint();
      if (!clients.add(client)) {
        throw new MalformedUpdateException("client " + client + " twice", position);
      }
      blocks.add(readBlock(in, client, structs, limits));
    }
    return List.copyOf(blocks);
  }

  private static Block readBlock(ByteReader in, long client, int structs, YLimits limits)
      throws MalformedUpdateException {
    long first = in.varUint();
    int position = in.position();
    Ranges clocks = new Ranges();
    long clock = first;
    for (int i = 0; i < structs; i++) {
      Struct struct = StructReader.read(in, client, clock, limits);
      clock = struct.end();
      if (!(struct instanceof Struct.Skip)) {
        clocks.append(struct.clock(), clock);
      }
    }
    return new Block(client, first, structs, position, clocks.bounds());
  }

  /// The union of `updates`, with the bytes that `mergeUpdates` of Yjs gives for them. Time and
  /// memory are linear in their bytes, beside a look-up among the updates for each switch between
  /// them.
  ///
  /// If two updates contradict each other, which honest editors never do, one of them wins.
  ///
  /// The union may be spelled in two ways: what is cut from the entry of a map bears a flag that
  /// nobody reads and that is gone once the union is merged again. So equal bytes mean the same
  /// content, and other bytes not always another.
  public static YUpdate merge(List<YUpdate> updates) {
    return switch (updates.size()) {
      case 0 -> EMPTY;
      case 1 -> updates.getFirst();
      default -> new UpdateMerge(updates).merged();
    };
  }

  /// What somebody who knows `known` lacks, with the bytes that `diffUpdate` of Yjs gives: the
  /// unknown structs, and all deletions.
  public YUpdate diff(StateVector known) {
    UpdateWriter out = new UpdateWriter(bytes.length);
    StructCursor structs = new StructCursor(this, blocks, /* dropSkips= */ false);
    long started = -1;
    for (Struct s = structs.current(); s != null; s = structs.advance()) {
      long next = known.next(s.client());
      if (s.client() == started) {
        out.add(s);
      } else if (s.end() > next && !(s instanceof Struct.Skip)) {
        started = s.client();
        out.add(next > s.clock() ? s.withoutFirst(next - s.clock()) : s);
      }
    }
    return out.finish(deletes);
  }

  /// What somebody knows who has this update and nothing else: `encodeStateVectorFromUpdate` of
  /// Yjs. Clocks behind a gap do not count.
  public StateVector stateVector() {
    Map<Long, Long> next = new HashMap<>();
    for (Block block : blocks) {
      next.put(block.client(), Ranges.of(block.clocks()).endOfFirstFromZero());
    }
    return StateVector.of(next);
  }

  /// Whether this update holds nothing at all, `00 00` on the wire.
  public boolean isEmpty() {
    return blocks.isEmpty() && deletes.ranges().isEmpty();
  }

  /// The encoded update, copied.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The length of [#bytes].
  public int size() {
    return bytes.length;
  }

  /// The encoded update itself, not to be changed: for who sends it to many.
  public byte[] sharedBytes() {
    return bytes;
  }

  List<Block> blocks() {
    return blocks;
  }

  DeleteSet deletes() {
    return deletes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof YUpdate that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    int structs = blocks.stream().mapToInt(Block::structs).sum();
    return "YUpdate[%d structs of %d clients, %d delete ranges, %d bytes]"
        .formatted(structs, blocks.size(), deletes.rangeCount(), bytes.length);
  }
}
