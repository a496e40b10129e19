package dev.dormouse.server.doctor;

import dev.dormouse.storage.OwnerOnly;
import dev.dormouse.storage.StoredFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The data folder: whether it can be used, by whom it is, and of which format.
public final class DataFolderCheck {
  private static final String NAME = "data folder";

  private DataFolderCheck() {}

  /// The nearest folder above, or the folder itself, that is there.
  public static Path existing(Path data) {
    Path at = data.toAbsolutePath().normalize();
    while (!Files.isDirectory(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /// @param files how many shard files the settings say
  public static Check of(Path data, int files) {
    Path there = existing(data);
    if (!Files.isWritable(there)) {
      return Check.bad(
          NAME,
          there + " cannot be written",
          "the server's user must own it",
          "chown -R \"$USER\" " + there);
    }
    if (!Files.isDirectory(data)) {
      return Check.ok(NAME, data + " is not there yet, and can be made");
    }
    try {
      Optional<StoredFormat> format = StoredFormat.of(data);
      Optional<String> user = StoredFormat.user(data);
      String open = user.map(it -> ", open by " + it).orElse(", not open");
      if (format.isPresent() && format.get().files() != files) {
        return Check.bad(
            NAME,
            "%s has %d shard files, and the settings say %d"
                .formatted(data, format.get().files(), files),
            "the number cannot change",
            "dormouse serve --store-files " + format.get().files());
      }
      Optional<String> wider = OwnerOnly.wider(data);
      if (wider.isPresent()) {
        return Check.warning(
            NAME,
            data + " is open to others (" + wider.get() + ")",
            "whoever reads it reads all rooms, and makes room ids with its key",
            "chmod -R go= " + data);
      }
      if (format.isEmpty()) {
        return Check.ok(NAME, data + " is new" + open);
      }
      if (format.get().older()) {
        return Check.warning(
            NAME,
            "%s has format %d%s".formatted(data, format.get().format(), open),
            "a server of this version brings it to format "
                + StoredFormat.CURRENT
                + ", and earlier versions cannot open it then; a backup by the version that wrote it is the way back",
            "dormouse backup --to FOLDER");
      }
      return Check.ok(
          NAME,
          "%s, format %d, %d shard file(s)%s"
              .formatted(data, format.get().format(), format.get().files(), open));
    } catch (IOException e) {
      return Check.bad(NAME, String.valueOf(e.getMessage()), "see there", "");
    }
  }
}
