package dev.dormouse.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.doctor.Check.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  private static final Map<String, String> GOOD =
      Map.of(
          "fs/nr_open", "1048576",
          "fs/file-max", "9223372036854775807",
          "net/core/somaxconn", "4096",
          "net/ipv4/ip_local_port_range", "32768\t60999",
          "net/ipv4/tcp_mem", "287898\t383867\t575796",
          "vm/overcommit_memory", "0");

  private static Map<String, Check> kernel(
      Map<String, String> files, long descriptors, long clients) {
    return new Kernel(
            name -> Optional.ofNullable(files.get(name)), descriptors, clients, 768, 6L << 20)
        .checks().stream().collect(Collectors.toMap(Check::name, check -> check));
  }

  private static Check found(
      Map<String, String> files, long descriptors, long clients, String name) {
    Check check = kernel(files, descriptors, clients).get(name);
    if (check == null) {
      throw new AssertionError("nothing was found of " + name);
    }
    return check;
  }

  @Nested
  class The_data_folder {
    @TempDir Path data;

    @Test
    void is_warned_about_if_others_can_enter_it() throws IOException {
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-x---"));
      Check check = DataFolderCheck.of(data, 1);
      assertThat(check.state()).isEqualTo(State.WARNING);
      assertThat(check.found()).contains("rwxr-x---");
      assertThat(check.command()).isEqualTo("chmod -R go= " + data);

      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
      assertThat(DataFolderCheck.of(data, 1).state()).isEqualTo(State.OK);
    }
  }

  @Nested
  class The_kernel {
    @Test
    void that_suits_is_found_well_in_everything() {
      assertThat(kernel(GOOD, 1 << 20, 0).values())
          .hasSize(7)
          .allSatisfy(check -> assertThat(check.state()).isEqualTo(State.OK));
    }

    @Test
    void without_these_files_is_asked_about_descriptors_only() {
      assertThat(kernel(Map.of(), 1 << 20, 0)).containsOnlyKeys("descriptors");
    }

    @ParameterizedTest
    @CsvSource({
      "fs/nr_open, 1024, files a process, BAD, sysctl -w fs.nr_open=1048576",
      "fs/file-max, 1024, files in all, WARNING, sysctl -w fs.file-max=262144",
      "net/core/somaxconn, 128, accept queue, WARNING, sysctl -w net.core.somaxconn=4096",
      "net/ipv4/ip_local_port_range, 50000 60999, local ports, WARNING, sysctl -w"
          + " net.ipv4.ip_local_port_range='10240 65535'",
      "vm/overcommit_memory, 2, overcommit, WARNING, sysctl -w vm.overcommit_memory=0"
    })
    void that_is_too_tight_comes_with_the_command(
        String file, String value, String name, State state, String command) {
      Map<String, String> files = new java.util.HashMap<>(GOOD);
      files.put(file, value);
      Check check = found(files, 1 << 20, 0, name);
      assertThat(check.state()).isEqualTo(state);
      assertThat(check.command().replace('"', '\'')).isEqualTo(command);
      assertThat(check.advice()).isNotEmpty();
    }

    @Test
    void must_give_as_many_descriptors_as_there_are_to_be_clients() {
      assertThat(found(GOOD, 100_000, 1_000_000, "descriptors").state()).isEqualTo(State.BAD);
      assertThat(found(GOOD, 100_000, 90_000, "descriptors").state()).isEqualTo(State.OK);
      assertThat(found(GOOD, 100_000, 99_000, "descriptors").state()).isEqualTo(State.BAD);
      assertThat(found(GOOD, 20_000, 0, "descriptors").state()).isEqualTo(State.WARNING);
    }
  }

  @Nested
  class A_disk {
    @ParameterizedTest
    @CsvSource({
      "ext4, OK",
      "xfs, OK",
      "nfs4, BAD",
      "fuse.sshfs, BAD",
      "tmpfs, WARNING",
      "overlay, WARNING"
    })
    void is_of_a_kind(String type, State state) {
      assertThat(Disk.kind(type).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"0.2, OK", "8, WARNING", "30, BAD", "0.001, WARNING"})
    void syncs_as_fast_as_it_does(double millis, State state) {
      long[] times = new long[200];
      Arrays.fill(times, (long) (millis * 1e6));
      assertThat(Disk.syncs(times).state()).isEqualTo(state);
    }

    @Test
    void has_room() {
      long gib = 1L << 30;
      assertThat(Disk.space(1 << 20, 100 * gib).advice()).contains("does not start again");
      assertThat(Disk.space(gib / 2, 100 * gib).state()).isEqualTo(State.BAD);
      assertThat(Disk.space(5 * gib, 100 * gib).state()).isEqualTo(State.WARNING);
      assertThat(Disk.space(50 * gib, 100 * gib).state()).isEqualTo(State.OK);
    }
  }

  @Nested
  class The_clock {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void that_was_set_back_is_bad_for_alarms() {
      Check check = Clock.of(NOW, Optional.of(true), Optional.of(NOW.plusSeconds(3_600)));
      assertThat(check.state()).isEqualTo(State.BAD);
      assertThat(check.command()).isEqualTo("timedatectl set-ntp true");
    }

    @Test
    void is_well_where_nobody_knows_better() {
      assertThat(Clock.of(NOW, Optional.empty(), Optional.of(NOW)).state()).isEqualTo(State.OK);
      assertThat(Clock.of(NOW, Optional.of(false), Optional.empty()).state())
          .isEqualTo(State.WARNING);
      assertThat(Clock.of(Instant.EPOCH, Optional.of(true), Optional.empty()).state())
          .isEqualTo(State.BAD);
    }
  }
}
