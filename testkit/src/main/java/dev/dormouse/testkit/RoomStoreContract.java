package dev.dormouse.testkit;

import dev.dormouse.room.spi.RoomStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/// What every [RoomStore] promises, as tests: extend it and say how the store is opened. Each
/// subject is a part of its own.
///
/// A store keeps its data over a close, so [#open] is called again within a test and must then find
/// what the opening before left.
public abstract class RoomStoreContract {
  /// Open from the beginning of each test; replaced by [#reopen].
  private RoomStore store;

  /// Opens the store under test: empty at the first call in a test, later with its data.
  protected abstract RoomStore open() throws Exception;

  /// The time at which [#open] opens the store, in milliseconds since 1970 UTC.
  protected abstract long now();

  /// Waits for a future of the store. To be overridden where the store's threads need a push.
  protected <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @BeforeEach
  void open_the_store() throws Exception {
    store = open();
  }

  @AfterEach
  void close_the_store() {
    store.close();
  }

  final RoomStore store() {
    return store;
  }

  final void reopen() throws Exception {
    store.close();
    store = open();
  }

  @Nested
  class When_a_write_set_is_committed extends CommitsContract {
    When_a_write_set_is_committed() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_write_sets_are_pipelined extends ChainsContract {
    When_write_sets_are_pipelined() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_it_is_asked_how_much_a_room_has extends SizesContract {
    When_it_is_asked_how_much_a_room_has() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_a_room_is_large extends LargeRoomsContract {
    When_a_room_is_large() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_alarms_are_set extends AlarmsContract {
    When_alarms_are_set() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_rooms_are_listed extends RoomListsContract {
    When_rooms_are_listed() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_rooms_are_found_by_marks extends MarksContract {
    When_rooms_are_found_by_marks() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_the_store_is_opened_again extends OpeningsContract {
    When_the_store_is_opened_again() {
      super(RoomStoreContract.this);
    }
  }

  @Nested
  class When_the_store_is_closed extends ClosedContract {
    When_the_store_is_closed() {
      super(RoomStoreContract.this);
    }
  }
}
