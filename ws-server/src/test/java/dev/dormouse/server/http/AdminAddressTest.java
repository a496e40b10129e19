package dev.dormouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.server.admin.Verb;
import dev.dormouse.server.http.AdminAddress.GroupWish;
import dev.dormouse.server.http.AdminAddress.OfGroup;
import dev.dormouse.server.http.AdminAddress.OfGuests;
import dev.dormouse.server.http.AdminAddress.OfLog;
import dev.dormouse.server.http.AdminAddress.OfPage;
import dev.dormouse.server.http.AdminAddress.OfQueue;
import dev.dormouse.server.http.AdminAddress.OfRoom;
import dev.dormouse.server.http.AdminAddress.OfSaga;
import dev.dormouse.server.http.AdminAddress.OfSql;
import dev.dormouse.server.http.AdminAddress.Wish;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the paths of the admin port mean.
class AdminAddressTest {
  private static AdminAddress of(String path) {
    return AdminAddress.of(path, false);
  }

  private static OfSaga saga(String namespace, String room, String saga) {
    return new OfSaga(namespace, room, saga, Optional.empty());
  }

  @Nested
  class A_saga {
    @Test
    void is_found_by_its_rooms_name() {
      assertThat(of("/sagas/shop/lisbon/-/trip-1")).isEqualTo(saga("shop", "lisbon", "trip-1"));
    }

    @Test
    void is_found_in_a_room_whose_name_has_slashes_or_looks_like_an_address() {
      assertThat(of("/sagas/shop/a/b/-/trip-1")).isEqualTo(saga("shop", "a/b", "trip-1"));
      assertThat(of("/sagas/shop/a/-/b/-/trip-1")).isEqualTo(saga("shop", "a/-/b", "trip-1"));
      assertThat(of("/sagas/shop/-/-/trip-1")).isEqualTo(saga("shop", "-", "trip-1"));
      assertThat(of("/sagas/shop/a%2Fb%2F-%2Fc/-/t")).isEqualTo(saga("shop", "a/b/-/c", "t"));
    }

    @Test
    void may_be_called_like_the_mark_before_it_or_like_a_verb() {
      assertThat(of("/sagas/shop/lisbon/-/-")).isEqualTo(saga("shop", "lisbon", "-"));
      assertThat(of("/sagas/shop/lisbon/-/retry")).isEqualTo(saga("shop", "lisbon", "retry"));
    }

    @Test
    void of_a_room_without_a_name_is_found_by_the_rooms_id_in_the_query() {
      assertThat(of("/sagas/shop/-/trip-1"))
          .isEqualTo(new OfSaga("shop", null, "trip-1", Optional.empty()));
      assertThat(AdminAddress.of("/sagas/shop/-/trip-1/retry", true))
          .isEqualTo(new OfSaga("shop", null, "trip-1", Optional.of(Verb.RETRY)));
    }

    @Test
    void takes_each_verb() {
      for (Verb verb : Verb.values()) {
        assertThat(AdminAddress.of("/sagas/shop/lisbon/-/trip-1/" + verb.word(), true))
            .isEqualTo(new OfSaga("shop", "lisbon", "trip-1", Optional.of(verb)));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sagas/", "/sagas/shop", "/sagas/shop/x", "/sagas/shop/x/-/y/burn"})
    void is_nowhere_else(String path) {
      assertThat(of(path)).isEqualTo(new OfPage(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sagas/shop/x/-/", "/sagas/shop/x/-/a%20b", "/sagas/shop/x/-/%C3%A4"})
    void has_an_id_that_can_be_one(String path) {
      assertThatExceptionOfType(Problem.Found.class)
          .isThrownBy(() -> of(path))
          .satisfies(found -> assertThat(found.problem().status()).isEqualTo(400));
    }
  }

  @Nested
  class A_queue {
    @Test
    void is_found_with_its_groups() {
      assertThat(of("/queues/mails")).isEqualTo(new OfQueue("mails"));
      assertThat(of("/queues/mails/-/log")).isEqualTo(new OfLog("mails"));
      assertThat(of("/queues/mails/sender"))
          .isEqualTo(new OfGroup("mails", "sender", GroupWish.LOOK));
      for (GroupWish wish : GroupWish.values()) {
        if (wish != GroupWish.LOOK) {
          assertThat(of("/queues/mails/sender/" + wish.word()))
              .isEqualTo(new OfGroup("mails", "sender", wish));
        }
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/queues/mails/sender/look", "/queues/mails/sender/x", "/queues/a/b/c/d"})
    void is_nowhere_else(String path) {
      assertThat(of(path)).isEqualTo(new OfPage(path));
    }
  }

  @Test
  void rooms_are_where_they_were() {
    assertThat(of("/rooms")).isEqualTo(new AdminAddress.Rooms());
    assertThat(of("/rooms/talk/a/evict")).isEqualTo(new OfRoom("talk", "a/evict", Wish.LOOK));
    assertThat(AdminAddress.of("/rooms/talk/a/evict", true))
        .isEqualTo(new OfRoom("talk", "a", Wish.EVICT));
    assertThat(AdminAddress.of("/rooms/talk/wake", true))
        .isEqualTo(new OfRoom("talk", null, Wish.WAKE));
    assertThat(AdminAddress.of("/rooms/talk/abort/abort", true))
        .isEqualTo(new OfRoom("talk", "abort", Wish.ABORT));
  }

  @Test
  void connections_are_a_rooms() {
    assertThat(of("/connections/talk/a/close")).isEqualTo(new OfGuests("talk", "a/close"));
    assertThat(of("/connections/talk")).isEqualTo(new OfGuests("talk", null));
    assertThat(of("/connections")).isEqualTo(new OfPage("/connections"));
  }

  @Test
  void statements_are_for_a_room() {
    assertThat(AdminAddress.of("/sql/talk/a/b", true)).isEqualTo(new OfSql("talk", "a/b"));
    assertThat(AdminAddress.of("/sql/talk", true)).isEqualTo(new OfSql("talk", null));
    assertThat(of("/sql")).isEqualTo(new OfPage("/sql"));
    assertThat(of("/sql.js")).isEqualTo(new OfPage("/sql.js"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/app.js", "/overview/x", "/namespaces/x", "//rooms", "*"})
  void all_else_is_a_page_or_nothing(String path) {
    assertThat(of(path)).isEqualTo(new OfPage(path));
  }
}
