package dev.dormouse.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import dev.dormouse.rooms.bench.BenchNamespace;
import dev.dormouse.rooms.bench.SqlBench;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/// How the ready-made rooms are found.
class ReadyRoomsTest {
  @Test
  void the_service_loader_finds_all_but_the_bench_room() {
    List<String> names =
        ServiceLoader.load(NamespaceProvider.class).stream()
            .flatMap(provider -> provider.get().namespaces().stream())
            .map(Namespace::name)
            .toList();
    assertThat(names)
        .containsExactlyInAnyOrder(
            "collab",
            "chat",
            "inventory",
            "inventory-sql",
            "analytics",
            "limiter",
            "presence",
            "booking",
            "shipment",
            "device",
            "fleet",
            "rollout")
        .doesNotContain(BenchNamespace.NAME, SqlBench.NAME);
  }

  @Test
  void the_pages_that_a_namespace_brings_are_there() {
    for (Namespace namespace : new ReadyRooms().namespaces()) {
      for (Namespace.Pages pages : namespace.pages()) {
        assertThat(pages.anchor().getResource(pages.folder() + "/index.html"))
            .as("%s at %s", namespace.name(), pages.mount())
            .isNotNull();
      }
    }
    assertThat(new ReadyRooms().namespaces())
        .flatExtracting(Namespace::pages)
        .extracting(Namespace.Pages::mount)
        .containsExactlyInAnyOrder("/", "/booking/", "/fleet/");
  }
}
