package dev.dormouse.crash;

import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.saga.QueueConsumer;
import java.time.Duration;

/// Is brought parcels, each of which says in its text what it is and how it goes: `op mood`.
///
/// | row | meaning |
/// |---|---|
/// | `got/{op}` | how often it was taken |
/// | `batches` | how many turns have taken any |
final class Shelf implements Room, QueueConsumer {
  private final RoomContext context;
  private final Moods moods;

  Shelf(RoomContext context, Moods moods) {
    this.context = context;
    this.moods = moods;
  }

  @Override
  public void onMessages(Batch batch) {
    boolean any = false;
    for (Delivery delivery : batch.messages()) {
      String[] words = delivery.text().split(" ", -1);
      if (moods.wantsAgain(words[0], words[1])) {
        Duration delay = words[1].equals("waits") ? Duration.ofHours(1) : Duration.ofMillis(20);
        delivery.retry(delay, "not now");
      } else {
        add("got/" + words[0]);
        any = true;
      }
    }
    if (any) {
      add("batches");
    }
  }

  private void add(String row) {
    Storage storage = context.storage();
    int before = storage.getText(row).map(Integer::parseInt).orElse(0);
    storage.putText(row, Integer.toString(before + 1));
  }
}
