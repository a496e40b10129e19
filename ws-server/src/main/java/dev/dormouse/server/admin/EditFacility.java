package dev.dormouse.server.admin;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import java.time.Instant;
import java.util.Optional;

/// Lets an operator change what rooms have stored while the server runs, and ask their tables. Has
/// no rows of its own.
///
/// A change is a turn of the room, so it waits for what is under way, is refused where a turn would
/// be, and moves the version. Then the room's instance goes, before any other event sees it.
public final class EditFacility implements Facility {
  @Override
  public String name() {
    return "edit";
  }

  @Override
  public Class<?> type() {
    return EditCalls.class;
  }

  @Override
  public Part join(FacilityRoom room) {
    return new EditPart(room);
  }

  private record EditPart(FacilityRoom room) implements Part, EditCalls {
    @Override
    public void edit(String text) {
      RoomEdit edit = RoomEdit.read(text);
      // In the turn, so that nobody comes between the look and the change.
      Optional<String> changed = edit.changed(room.context().storage()::get);
      if (changed.isPresent()) {
        throw new Refusal.Refused(409, RoomEdit.words(changed.get()));
      }
      apply(edit, room.context());
      if (edit.last()) {
        room.beginAnew("an operator has changed what is stored");
      }
    }

    @Override
    public String sql(String statement, boolean write) {
      return SqlSaid.by(room, statement, write);
    }

    private static void apply(RoomEdit edit, RoomContext context) {
      Storage storage = context.storage();
      if (edit.clear()) {
        storage.deleteAll();
      }
      edit.schema().ifPresent(storage::schema);
      edit.keys()
          .forEach((key, value) ->
              value.ifPresentOrElse(bytes -> storage.put(key, bytes), () -> storage.delete(key)));
      edit.alarms()
          .forEach((name, due) ->
              due.ifPresentOrElse(
                  at -> {
                    if (at.equals(Instant.MAX)) {
                      context.alarms().setAtRestart(name);
                    } else {
                      context.alarms().set(name, at);
                    }
                  },
                  () -> context.alarms().delete(name)));
    }

    @Override
    public Object handle() {
      return this;
    }

    @Override
    public void onStart() {}

    @Override
    public void onAlarm(String name) {}

    @Override
    public void onMessage(RoomId from, byte[] message) {}

    @Override
    public void onFailed(RoomId from, byte[] message, Throwable failure) {}
  }
}
