package dev.dormouse.rooms.booking;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.Sagas;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows behind an order, and what may be tried when. Has no memory of its own.
///
/// `try/{id}`, what a client asked for under an id, and how it ended; `current`, the id of the last
/// try; `count`, how many there were. How an open try stands, its saga knows; that of one that
/// ended is trimmed one day, so what it came to is kept here.
final class OrderBook {
  /// Tries of one order: none is ever forgotten, so that a repeated request is always known.
  static final int MAX_TRIES = 20;

  private static final String TRY = "try/";
  private static final String CURRENT = "current";
  private static final String COUNT = "count";

  private final RoomContext context;

  OrderBook(RoomContext context) {
    this.context = context;
  }

  /// A row.
  ///
  /// @param ended null while it is open
  private record Kept(Request request, @Nullable Booking ended) {}

  /// The last try; empty if there was none yet.
  Optional<Booking> current() {
    return currentId().map(this::booking);
  }

  Optional<String> currentId() {
    return context.storage().getText(CURRENT);
  }

  /// @throws Refusal.NotFound if nothing was asked for under this id
  Booking booking(String id) {
    Kept kept =
        kept(id)
            .orElseThrow(() -> new Refusal.NotFound("nothing was asked for under '" + id + "'"));
    return sagas().status(id).isPresent() || kept.ended() == null
        ? Glance.at(kept.request(), sagas())
        : kept.ended();
  }

  /// Starts a try, unless this one was started already.
  ///
  /// @return whether it is a new one
  /// @throws Refusal.Refused with 422 if the id stands for something else, with 409 if the order is
  ///   booked, or being booked, or was tried too often
  boolean book(Request request) {
    Optional<Kept> before = kept(request.id());
    if (before.isPresent()) {
      if (!before.get().request().equals(request)) {
        throw new Refusal.Refused(
            422, "the id '%s' stands for another request".formatted(request.id()));
      }
      return false;
    }
    currentId().ifPresent(this::mayBeTriedAgain);
    long count = context.storage().getText(COUNT).map(Long::parseLong).orElse(0L);
    if (count >= MAX_TRIES) {
      throw new Refusal.Refused(
          409, "this order was tried %d times: make another one".formatted(count));
    }
    context.storage().putText(COUNT, Long.toString(count + 1));
    context.storage().putText(CURRENT, request.id());
    keep(new Kept(request, null));
    sagas().start(BookingSaga.NAME, request.id(), request.order(context.id()));
    return true;
  }

  private void mayBeTriedAgain(String last) {
    Booking booking = booking(last);
    if (!booking.status().equals("compensated")) {
      String how = booking.status().equals("completed") ? "is booked" : "is being booked";
      throw new Refusal.Refused(409, "this order %s, as '%s'".formatted(how, last));
    }
  }

  /// Turns a try back; does nothing if it goes or went back already.
  ///
  /// @throws Refusal.NotFound if there is none of this id
  /// @throws Refusal.Refused with 409 if it is past its pivot
  void cancel(String id) {
    Booking booking = booking(id);
    switch (booking.status()) {
      case "compensating", "compensated", "parked_backward" -> {}
      case "completed" ->
          throw new Refusal.Refused(409, "'" + id + "' is booked: its parcel is on its way");
      default -> sagas().cancel(id, "a client", "it was not wanted any more");
    }
  }

  /// Something changed about a try.
  ///
  /// @return how it stands; empty if it is not the one that is shown
  Optional<Booking> changed(String id, SagaStatus status) {
    Optional<Kept> kept = kept(id);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Booking booking = Glance.at(kept.get().request(), sagas());
    if (status.ended()) {
      keep(new Kept(kept.get().request(), booking));
    }
    return currentId().filter(id::equals).map(_ -> booking);
  }

  private void keep(Kept kept) {
    context.storage().putText(TRY + kept.request().id(), Json.write(kept));
  }

  private Optional<Kept> kept(String id) {
    return context
        .storage()
        .get(TRY + id)
        .map(row -> {
          try {
            return Json.read(row, Kept.class);
          } catch (BadJsonException e) {
            throw new IllegalStateException(
                "a stored try of %s is none: %s"
                    .formatted(context.id(), new String(row, StandardCharsets.UTF_8)),
                e);
          }
        });
  }

  private Sagas sagas() {
    return context.facility(Sagas.class);
  }
}
