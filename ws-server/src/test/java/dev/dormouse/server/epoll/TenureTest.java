package dev.dormouse.server.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Passes;
import dev.dormouse.server.limits.Turnstile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A number is closed once, by the last who uses it, and not at all once it has been left.
@EnabledOnOs(OS.LINUX)
class TenureTest {
  private final Slots slots =
      new Slots(new Passes(new Turnstile(Limits.none(), new SystemExecution())));
  private int fd;
  private Tenure tenure;

  TenureTest() {
    tenure = new Tenure(-1, this, slots);
  }

  @BeforeEach
  void open() {
    fd = Libc.eventfd();
    slots.claim(fd, this);
    tenure = new Tenure(fd, this, slots);
  }

  @AfterEach
  void close() {
    var _ = Libc.close(fd);
  }

  private boolean closed() {
    return Libc.ring(fd) < 0;
  }

  @Test
  void it_is_closed_at_the_end() {
    tenure.end();

    assertThat(closed()).isTrue();
    assertThat(slots.holder(fd)).isNull();
    assertThat(tenure.enter()).isFalse();
  }

  @Test
  void it_is_closed_when_the_last_has_left() {
    assertThat(tenure.enter()).isTrue();
    assertThat(tenure.enter()).isTrue();
    tenure.end();
    tenure.exit();
    assertThat(closed()).isFalse();

    tenure.exit();
    assertThat(closed()).isTrue();
  }

  @Test
  void it_stays_open_when_it_is_left() {
    assertThat(tenure.leave()).isTrue();
    tenure.end();

    assertThat(closed()).isFalse();
    assertThat(tenure.enter()).isFalse();
    assertThat(slots.holder(fd)).isEqualTo(this);
  }

  @Test
  void it_is_not_left_while_it_is_used() {
    assertThat(tenure.enter()).isTrue();
    assertThat(tenure.leave()).isFalse();
    tenure.exit();

    assertThat(tenure.held()).isTrue();
    assertThat(tenure.leave()).isTrue();
  }
}
