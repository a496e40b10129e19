package dev.dormouse.loadtest.talk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemberTest {
  private final Member member = new Member("Ada");

  @Test
  void whoever_has_seen_nothing_names_no_place() {
    assertThat(member.join()).isEqualTo("{\"type\":\"join\",\"name\":\"Ada\"}");
    member.heard(joined("", 0, false, ""));
    assertThat(member.join()).isEqualTo("{\"type\":\"join\",\"name\":\"Ada\"}");
  }

  @Test
  void coming_back_names_the_last_message_seen() {
    member.heard(joined("m3", 17, false, message(17)));
    member.heard(message("m3", 18));

    assertThat(member.join()).contains("\"epoch\":\"m3\",\"offset\":18");
  }

  @Test
  void a_return_is_whole_if_it_brings_all_that_was_missed() {
    member.heard(joined("m3", 17, false, ""));

    assertThat(member.heard(joined("m3", 19, true, message(18) + "," + message(19))))
        .isEqualTo(new Member.Heard.Joined(true));
    assertThat(member.offset()).isEqualTo(19);
    assertThat(member.heard(joined("m3", 19, true, ""))).isEqualTo(new Member.Heard.Joined(true));
  }

  @Test
  void a_return_that_leaves_something_out_is_not_whole_whatever_the_room_says() {
    member.heard(joined("m3", 17, false, ""));

    assertThat(member.heard(joined("m3", 19, true, message(19))))
        .isEqualTo(new Member.Heard.Joined(false));
  }

  @Test
  void a_return_that_the_room_calls_broken_is_not_whole() {
    member.heard(joined("m3", 17, false, ""));

    assertThat(member.heard(joined("m3", 18, false, message(18))))
        .isEqualTo(new Member.Heard.Joined(false));
  }

  @Test
  void a_message_that_was_left_out_is_missed() {
    member.heard(joined("m3", 1, false, ""));
    member.heard(message("m3", 3));
    assertThat(member.misses()).isTrue();
    member.heard(message("m3", 2));
    assertThat(member.misses()).isFalse();
  }

  @Test
  void posts_have_ids_of_their_own() {
    assertThat(member.post("hi")).contains("\"id\":\"Ada-1\"");
    assertThat(member.post("ho")).contains("\"id\":\"Ada-2\"");
    assertThat(member.heard("{\"type\":\"posted\",\"id\":\"Ada-2\",\"offset\":2,\"again\":false}"))
        .isEqualTo(new Member.Heard.Posted("Ada-2"));
    assertThat(member.heard("{\"type\":\"error\",\"code\":\"join-first\",\"message\":\"m\"}"))
        .isEqualTo(new Member.Heard.Refused("join-first"));
    assertThat(member.heard("{\"type\":\"left\",\"member\":3}"))
        .isEqualTo(new Member.Heard.Aside());
  }

  private static String message(int offset) {
    return "{\"offset\":%d,\"at\":1,\"from\":\"Ben\",\"text\":\"t\"}".formatted(offset);
  }

  private static String message(String epoch, int offset) {
    return "{\"type\":\"message\",\"epoch\":\"%s\",\"message\":%s}"
        .formatted(epoch, message(offset));
  }

  private static String joined(String epoch, int offset, boolean recovered, String messages) {
    return """
    {"type":"joined","member":1,"name":"Ada","epoch":"%s","offset":%d,"recovered":%s,\
    "messages":[%s],"members":[{"member":1,"name":"Ada"}],"count":1}\
    """
        .formatted(epoch, offset, recovered, messages);
  }
}
