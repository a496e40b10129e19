package dev.dormouse.e2e;

import dev.dormouse.rooms.ReadyRooms;
import dev.dormouse.rooms.booking.BookingSagas;
import dev.dormouse.rooms.fleet.FleetSagas;
import dev.dormouse.server.RoomServer;
import dev.dormouse.server.Setting;
import dev.dormouse.server.access.Mint;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages in a real browser at a server that asks for tokens, by `e2e/tokens.mjs`. Screenshots
/// go to `target/token-pages`.
@DisplayName("The pages of a server that asks for tokens")
@Timeout(200)
class TokenPagesIT {
  private static final Path SHOTS = Path.of("target", "token-pages").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void ask_for_one_say_what_is_wrong_with_it_and_go_on_with_another() throws Exception {
    plays("tokens.mjs", "");
  }

  @Test
  void say_who_may_only_read_from_the_start() throws Exception {
    plays("reader.mjs", "read:collab/**");
  }

  private void plays(String play, String anonymous) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), Mint.SECRET);
    try (RoomServer server =
        RoomServer.builder()
            .namespaces(new ReadyRooms().namespaces())
            .sagas(new BookingSagas().sagas())
            .sagas(new FleetSagas().sagas())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.ACCESS_SECRET, secret.toString())
            .set(Setting.ACCESS_SKEW, "0")
            .set(Setting.ANONYMOUS, anonymous)
            .start()) {
      BrowserPlay.run(play, server.url(), 1, folder.resolve("said.txt"), SHOTS, Mint.SECRET);
    }
  }
}
