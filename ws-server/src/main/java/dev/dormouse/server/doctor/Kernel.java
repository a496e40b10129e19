package dev.dormouse.server.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Limits of the kernel and of the process, for as many clients as are to be let in.
///
/// @param read gives the text of a file below `/proc/sys`; empty where there is none
/// @param descriptors how many the process may have
/// @param clients how many are to be let in; 0 for as many as fit
/// @param files how many descriptors databases of rooms may take
/// @param memoryPages how much memory the machine has, in pages of 4 KiB
public record Kernel(
    Function<String, Optional<String>> read,
    long descriptors,
    long clients,
    long files,
    long memoryPages) {
  /// How many clients a server for many should be able to take.
  private static final long MANY = 65_536;

  /// Descriptors that are neither for clients nor for databases of rooms.
  private static final long OWN = 400;

  private static final int BACKLOG = 4_096;
  private static final int PORTS = 28_000;

  /// This machine's.
  public static Optional<String> here(String name) {
    // In one read: the kernel gives the rest of such a file to nobody.
    try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys", name))) {
      return Optional.ofNullable(file.readLine()).map(String::strip);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(ofProcess());
    number("fs/nr_open").ifPresent(most -> checks.add(openMost(most)));
    number("fs/file-max").ifPresent(all -> checks.add(allFiles(all)));
    number("net/core/somaxconn").ifPresent(length -> checks.add(backlog(length)));
    numbers("net/ipv4/ip_local_port_range").ifPresent(range -> checks.add(ports(range)));
    numbers("net/ipv4/tcp_mem").ifPresent(pages -> checks.add(tcpMemory(pages)));
    number("vm/overcommit_memory").ifPresent(mode -> checks.add(overcommit(mode)));
    return checks;
  }

  private OptionalLong number(String name) {
    Optional<long[]> all = numbers(name);
    return all.isPresent() ? OptionalLong.of(all.get()[0]) : OptionalLong.empty();
  }

  private Optional<long[]> numbers(String name) {
    try {
      return read.apply(name)
          .map(text -> Arrays.stream(text.split("\\s+", -1)).mapToLong(Kernel::parsed).toArray());
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// Some have limits beyond a long: as good as none.
  private static long parsed(String text) {
    return text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
  }

  private long wanted() {
    return clients > 0 ? clients + OWN + files : MANY;
  }

  private Check ofProcess() {
    String found = "%,d descriptors for this process".formatted(descriptors);
    String command = "ulimit -n " + Math.max(wanted(), MANY) + "  # systemd: LimitNOFILE=";
    if (clients > 0 && descriptors < wanted()) {
      return Check.bad(
          "descriptors",
          found,
          "%,d clients are to be let in, of which each takes one; databases of rooms may take %,d"
              .formatted(clients, files),
          command);
    }
    if (descriptors < 4_096) {
      return Check.bad("descriptors", found, "each client takes one; few can be let in", command);
    }
    return descriptors < MANY
        ? Check.warning("descriptors", found, "each client takes one; more can wait", command)
        : Check.ok("descriptors", found);
  }

  private Check openMost(long most) {
    String found = "fs.nr_open %,d".formatted(most);
    return most < wanted()
        ? Check.bad(
            "files a process",
            found,
            "no process may have more descriptors, whatever its ulimit",
            "sysctl -w fs.nr_open=" + Math.max(wanted(), 1 << 20))
        : Check.ok("files a process", found);
  }

  private Check allFiles(long all) {
    String found = "fs.file-max %,d".formatted(all);
    return all < wanted() * 2
        ? Check.warning(
            "files in all",
            found,
            "the whole machine runs out of descriptors soon",
            "sysctl -w fs.file-max=" + wanted() * 4)
        : Check.ok("files in all", found);
  }

  private static Check backlog(long length) {
    String found = "net.core.somaxconn %,d".formatted(length);
    return length < BACKLOG
        ? Check.warning(
            "accept queue",
            found,
            "clients that all come back at once, after a restart say, are turned away",
            "sysctl -w net.core.somaxconn=" + BACKLOG)
        : Check.ok("accept queue", found);
  }

  private static Check ports(long[] range) {
    long many = range.length < 2 ? 0 : range[1] - range[0] + 1;
    String found = "%,d local ports".formatted(many);
    return many < PORTS
        ? Check.warning(
            "local ports",
            found,
            "a proxy on this machine has one connection to the server for each client; it can have"
                + " no more than these",
            "sysctl -w net.ipv4.ip_local_port_range='10240 65535'")
        : Check.ok("local ports", found);
  }

  private Check tcpMemory(long[] pages) {
    long most = pages.length < 3 ? 0 : pages[2];
    String found = "net.ipv4.tcp_mem at most %,d MiB".formatted(most / 256);
    return memoryPages > 0 && most < memoryPages / 20
        ? Check.warning(
            "TCP memory",
            found,
            "less than a twentieth of the memory: many clients at once are cut off",
            "sysctl -w net.ipv4.tcp_mem='%d %d %d'"
                .formatted(memoryPages / 16, memoryPages / 12, memoryPages / 8))
        : Check.ok("TCP memory", found);
  }

  private static Check overcommit(long mode) {
    String found = "vm.overcommit_memory " + mode;
    return mode == 2
        ? Check.warning(
            "overcommit",
            found,
            "Java reserves far more address space than it uses, and may be refused it",
            "sysctl -w vm.overcommit_memory=0")
        : Check.ok("overcommit", found);
  }
}
