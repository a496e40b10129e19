package dev.dormouse.rooms.yjs;

import java.util.Arrays;

/// A run of one client's clocks inside an update: what was inserted there, or that nothing is
/// known.
///
/// Immutable. The client and first clock are implicit on the wire (block header, lengths before),
/// so they are not part of the written bytes.
sealed interface Struct {
  long client();

  /// The first clock.
  long clock();

  /// How many clocks it takes, at least 1.
  long length();

  /// The clock after the last.
  default long end() {
    return clock() + length();
  }

  /// What is left without the first `units` clocks, 0 < `units` < length. Only structs that can be
  /// longer than 1 are ever cut, and all of those can be cut.
  Struct withoutFirst(long units);

  void write(ByteWriter out);

  /// Clocks whose content was collected as garbage; only the editors' memory of them is left.
  record Collected(long client, long clock, long length) implements Struct {
    static final int KIND = 0;

    @Override
    public Struct withoutFirst(long units) {
      return new Collected(client, clock + units, length - units);
    }

    Collected longerBy(long more) {
      return new Collected(client, clock, length + more);
    }

    @Override
    public void write(ByteWriter out) {
      out.u8(KIND).varUint(length);
    }
  }

  /// Clocks that this update does not hold.
  record Skip(long client, long clock, long length) implements Struct {
    static final int KIND = 10;

    @Override
    public Struct withoutFirst(long units) {
      return new Skip(client, clock + units, length - units);
    }

    @Override
    public void write(ByteWriter out) {
      out.u8(KIND).varUint(length);
    }
  }

  /// Something that was inserted: where, and what.
  ///
  /// Kept as the part of the update it was read from and written again verbatim, so that no
  /// spelling of a number, a key order or a text is changed on the way.
  final class Item implements Struct {
    static final int HAS_ORIGIN = 0x80;
    static final int HAS_RIGHT_ORIGIN = 0x40;
    static final int HAS_PARENT_KEY = 0x20;
    static final int KIND_BITS = 0x1F;

    private final long client;
    private final long clock;
    private final long length;
    private final int info;
    private final byte[] bytes;
    private final int start;
    private final int rightOrigin;
    private final int content;
    private final int end;

    /// An item in `bytes`: from `start`, behind the info byte, to `end`.
    ///
    /// @param info the first byte. Yjs forgets the flag of the parent key when the key itself is
    ///   not on the wire, so an item that was read passes it only if the key was there; see
    ///   [StructReader]
    /// @param rightOrigin where the right origin begins, or the parent if there is none
    /// @param content where the content begins
    Item(
        long client,
        long clock,
        long length,
        int info,
        byte[] bytes,
        int start,
        int rightOrigin,
        int content,
        int end) {
      this.client = client;
      this.clock = clock;
      this.length = length;
      this.info = info;
      this.bytes = bytes;
      this.start = start;
      this.rightOrigin = rightOrigin;
      this.content = content;
      this.end = end;
    }

    @Override
    public long client() {
      return client;
    }

    @Override
    public long clock() {
      return clock;
    }

    @Override
    public long length() {
      return length;
    }

    int kind() {
      return info & KIND_BITS;
    }

    boolean has(int flag) {
      return (info & flag) != 0;
    }

    /// The content, as it was read.
    ByteReader content() {
      return new ByteReader(bytes, content, end);
    }

    @Override
    public Item withoutFirst(long units) {
      ContentPieces pieces = new ContentPieces(this);
      pieces.skip(units);
      ByteWriter rest = new ByteWriter(end - content + 8);
      pieces.write(length - units, rest);
      return part(units, length - units, kind(), rest);
    }

    /// The item for `units` clocks of this one, beginning `offset` clocks after its start.
    ///
    /// The first part keeps its place. The origin of a later part is the clock before it, its right
    /// origin stays, and its parent is left out, because readers take it from the origin. The flag
    /// of the parent key stays all the same: that is what Yjs writes.
    Item part(long offset, long units, int kind, ByteWriter newContent) {
      ByteWriter out = new ByteWriter(content - start + newContent.size() + 24);
      int newRightOrigin = rightOrigin - start;
      if (offset == 0) {
        out.raw(bytes, start, content);
      } else {
        out.varUint(client).varUint(clock + offset - 1);
        newRightOrigin = out.size();
        if (has(HAS_RIGHT_ORIGIN)) {
          out.raw(bytes, rightOrigin, content);
        }
      }
      int at = out.size();
      out.raw(newContent, 0, newContent.size());
      int flags = (info & ~KIND_BITS) | (offset == 0 ? 0 : HAS_ORIGIN);
      return new Item(
          client,
          clock + offset,
          units,
          flags | kind,
          out.toBytes(),
          0,
          newRightOrigin,
          at,
          out.size());
    }

    /// Whether this item was inserted right behind the end of `before`, by the same client, in the
    /// same stroke: then both could have been one item, and editors treat them as such.
    boolean continues(Item before) {
      if (client != before.client
          || clock != before.end()
          || kind() != before.kind()
          || !has(HAS_ORIGIN)
          || has(HAS_RIGHT_ORIGIN) != before.has(HAS_RIGHT_ORIGIN)) {
        return false;
      }
      byte[] lastOfBefore = new ByteWriter(16).varUint(client).varUint(clock - 1).toBytes();
      return Arrays.equals(bytes, start, rightOrigin, lastOfBefore, 0, lastOfBefore.length)
          && (!has(HAS_RIGHT_ORIGIN)
              || Arrays.equals(
                  bytes, rightOrigin, content, before.bytes, before.rightOrigin, before.content));
    }

    @Override
    public void write(ByteWriter out) {
      out.u8(info).raw(bytes, start, end);
    }
  }
}
