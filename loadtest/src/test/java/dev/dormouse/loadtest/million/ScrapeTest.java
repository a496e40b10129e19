package dev.dormouse.loadtest.million;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrapeTest {
  @Test
  void states_of_connections_are_added_up() {
    Scrape scrape =
        Scrape.parse(
            """
            # HELP dormouse_connections Connections
            dormouse_connections{state="open"} 12.0
            dormouse_connections{state="parked"} 1.9E4
            dormouse_rooms_awake{namespace="bench"} 3.0
            dormouse_rooms_awake{namespace="chat"} 2.0
            dormouse_rooms_started_total{cause="woken",namespace="bench"} 7.0
            dormouse_rooms_started_total{cause="first",namespace="bench"} 9.0
            jvm_memory_used_bytes{area="heap",id="Eden Space"} 100.0
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 50.0
            jvm_memory_max_bytes{area="heap",id="Eden Space"} +Inf
            x NaN
            """);

    assertThat(scrape.open()).hasValue(19_012);
    assertThat(scrape.parked()).hasValue(19_000);
    assertThat(scrape.roomsAwake()).hasValue(5);
    assertThat(scrape.woken()).hasValue(7);
    assertThat(scrape.heap()).hasValue(100);
  }

  @Test
  void a_server_that_does_not_know_parking_counts_its_sockets() {
    Scrape scrape = Scrape.parse("dormouse_sockets_open 5.0\ndormouse_rooms_awake 1.0\n");

    assertThat(scrape.open()).hasValue(5);
    assertThat(scrape.parked()).isEmpty();
    assertThat(scrape.woken()).isEmpty();
  }

  @Test
  void the_kernel_is_read_from_its_files() {
    Kernel kernel =
        Kernel.of(
            """
            MemTotal:       24000000 kB
            MemAvailable:   20000000 kB
            Slab:             300000 kB
            SReclaimable:     200000 kB
            SUnreclaim:       100000 kB
            PageTables:         5000 kB
            """,
            """
            sockets: used 41053
            TCP: inuse 41003 orphan 0 tw 3 alloc 41004 mem 153
            """,
            "cpu  100 20 300 9999 77 0 30 50 0 0\ncpu0 1 2 3\n");

    assertThat(kernel.available()).isEqualTo(20_000_000L << 10);
    assertThat(kernel.unreclaimable()).isEqualTo(100_000L << 10);
    assertThat(kernel.sockets()).isEqualTo(41_053);
    assertThat(kernel.tcpPages()).isEqualTo(153);
    assertThat(kernel.cpu()).isEqualTo(5.0);
  }
}
