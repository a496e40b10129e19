package dev.dormouse.rooms.yjs;

import dev.dormouse.rooms.yjs.AwarenessUpdate.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who is there in one document: the server's table of awareness states, by the rules of
/// y-protocols.
///
/// An *owner* is whatever brought a client in, a connection. When it goes, so do its clients. A
/// client that left is remembered by its clock for a while: editors repeat to the server what it
/// told them, and such an echo must not bring anybody back.
///
/// Pure: time is an argument, in milliseconds from any fixed start. Not safe for several threads.
///
/// @param <O> identifies an owner by `equals`
public final class Awareness<O> {
  /// An editor renews its state every 15 seconds; others forget it after 30.
  public static final long SILENCE_MILLIS = 30_000;

  /// Long enough for an echo of the last state to arrive, even from an editor that forgets by
  /// itself.
  private static final long REMEMBERED_MILLIS = 2 * SILENCE_MILLIS;

  /// What a client costs beside its letters, reckoned in 64-bit Java: its place in the map 48, its
  /// number 24, [Client] 40, its owner's number 24, the text's two objects 40, and rounding.
  private static final int CLIENT_BYTES = 184;

  private final YLimits limits;
  private final Map<Long, Client<O>> clients = new LinkedHashMap<>();
  private int heldBytes;

  /// No client can be due to expire or to be forgotten before this time.
  private long nothingBefore = Long.MAX_VALUE;

  /// @param owner who answers for it, or null once it is gone
  /// @param bytes see [#bytes]
  private record Client<P>(long clock, String state, @Nullable P owner, long heard, int bytes) {
    long due() {
      return heard + (owner == null ? REMEMBERED_MILLIS : SILENCE_MILLIS);
    }
  }

  /// What became of an awareness update.
  ///
  /// @param accepted what was new: relay it, unless it is empty
  /// @param refused entries that were new, but would exceed the limits of a connection or a
  ///   document; none of an honest editor's are
  public record Applied(AwarenessUpdate accepted, int refused) {}

  /// An empty table.
  public Awareness(YLimits limits) {
    this.limits = limits;
  }

  /// Takes news from the connection `owner`.
  ///
  /// A known client's entry counts if its clock is higher, or equal and it says the client is gone.
  /// A client not known counts at any clock (y-protocols itself ignores a first state at clock 0,
  /// and so shows nobody before their first move). A client belongs to who spoke for it last: after
  /// a reconnect the dead connection's end must not remove it.
  public Applied apply(AwarenessUpdate update, O owner, long now) {
    makeRoomFor(update);
    long owned = clients.values().stream().filter(c -> owner.equals(c.owner())).count();
    List<Entry> accepted = new ArrayList<>();
    int refused = 0;
    for (Entry entry : update.entries()) {
      if (!isNews(entry)) {
        continue;
      }
      if (entry.isGone()) {
        put(entry, null, now);
        accepted.add(entry);
        continue;
      }
      Client<O> known = clients.get(entry.client());
      int joins = known != null && owner.equals(known.owner()) ? 0 : 1;
      int more = bytes(entry.state()) - (known == null ? 0 : known.bytes());
      if (owned + joins > limits.awarenessClients() || heldBytes + more > limits.awarenessBytes()) {
        refused++;
        continue;
      }
      put(entry, owner, now);
      accepted.add(entry);
      owned += joins;
    }
    return new Applied(new AwarenessUpdate(accepted), refused);
  }

  /// Removes the clients of `owner`, whose connection has closed, and returns the news to relay.
  public AwarenessUpdate leave(O owner, long now) {
    return remove(client -> owner.equals(client.owner()), now);
  }

  /// Removes the clients not heard of for [#SILENCE_MILLIS] and returns the news to relay. Costs
  /// next to nothing while nobody is due, so it can be called each second.
  public AwarenessUpdate expire(long now) {
    if (now < nothingBefore) {
      return AwarenessUpdate.EMPTY;
    }
    forget(client -> client.owner() == null && client.due() <= now);
    AwarenessUpdate gone = remove(client -> client.owner() != null && client.due() <= now, now);
    nothingBefore = clients.values().stream().mapToLong(Client::due).min().orElse(Long.MAX_VALUE);
    return gone;
  }

  /// All states of those who are there, for a newcomer.
  public AwarenessUpdate states() {
    List<Entry> states = new ArrayList<>();
    clients.forEach((id, client) -> {
      if (client.owner() != null) {
        states.add(new Entry(id, client.clock(), client.state()));
      }
    });
    return new AwarenessUpdate(states);
  }

  /// About how many bytes of memory the table takes.
  public int heldBytes() {
    return heldBytes;
  }

  private boolean isNews(Entry entry) {
    Client<O> known = clients.get(entry.client());
    if (known == null) {
      return !entry.isGone();
    }
    return entry.clock() > known.clock()
        || (entry.clock() == known.clock() && entry.isGone() && known.owner() != null);
  }

  /// Forgets who left already now, if `update` may need their bytes.
  private void makeRoomFor(AwarenessUpdate update) {
    long more = update.entries().stream().mapToLong(entry -> bytes(entry.state())).sum();
    if (heldBytes + more > limits.awarenessBytes()) {
      forget(client -> client.owner() == null);
    }
  }

  private AwarenessUpdate remove(Predicate<Client<O>> condition, long now) {
    List<Entry> gone = new ArrayList<>();
    clients.forEach((id, client) -> {
      if (condition.test(client)) {
        gone.add(Entry.gone(id, client.clock()));
      }
    });
    gone.forEach(entry -> put(entry, null, now));
    return new AwarenessUpdate(gone);
  }

  private void forget(Predicate<Client<O>> condition) {
    Iterator<Client<O>> all = clients.values().iterator();
    while (all.hasNext()) {
      Client<O> client = all.next();
      if (condition.test(client)) {
        heldBytes -= client.bytes();
        all.remove();
      }
    }
  }

  private void put(Entry entry, @Nullable O owner, long now) {
    int bytes = bytes(entry.state());
    Client<O> after = new Client<>(entry.clock(), entry.state(), owner, now, bytes);
    Client<O> before = clients.put(entry.client(), after);
    heldBytes += bytes - (before == null ? 0 : before.bytes());
    nothingBefore = Math.min(nothingBefore, after.due());
  }

  /// About what a client in `state` takes: Java keeps a text of Latin-1 letters at one byte each,
  /// any other at two.
  private static int bytes(String state) {
    boolean narrow = state.chars().allMatch(letter -> letter <= 0xFF);
    return CLIENT_BYTES + (narrow ? 1 : 2) * state.length();
  }
}
