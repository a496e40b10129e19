package dev.dormouse.loadtest;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the figures were measured on, and of which commit.
public final class Machine {
  private static final String CHECKOUT = System.getProperty("dormouse.checkout", ".");
  private static final int PAGE = 4_096;
  private static final int SYNCS = 300;

  private Machine() {}

  /// Facts by name, in the order they are to be read.
  ///
  /// @param work a folder on the disk that the servers write to
  public static Map<String, String> facts(Path work) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("commit", commit());
    facts.put("date", LocalDate.now(ZoneId.systemDefault()).toString());
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", memory());
    facts.put(
        "system", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
    facts.put("JDK", property("java.vm.name") + " " + property("java.vm.version"));
    facts.put("file system", Files.getFileStore(work).type());
    Latencies syncs = syncs(work);
    facts.put(
        "one 4 KiB write with its sync",
        String.format(
            Locale.ROOT,
            "p50 %.2f ms, p99 %.2f ms",
            syncs.percentile(0.5) / 1e6,
            syncs.percentile(0.99) / 1e6));
    return facts;
  }

  /// Of the checkout that this program is of.
  private static String commit() throws IOException {
    List<String> command =
        List.of("git", "-C", CHECKOUT, "describe", "--always", "--dirty", "--exclude=*");
    try {
      Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? said : "unknown";
    } catch (IOException _) {
      return "unknown"; // there is no git
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git ran", e);
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? "%d GiB".formatted(Math.round(system.getTotalMemorySize() / (double) (1 << 30)))
        : "unknown";
  }

  /// What no durable answer of a single connection can beat: a page appended and synced, alone.
  private static Latencies syncs(Path work) throws IOException {
    Latencies latencies = new Latencies();
    Path file = Files.createTempFile(work, "sync", ".probe");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
      for (int i = 0; i < SYNCS; i++) {
        page.clear();
        long began = System.nanoTime();
        channel.write(page);
        channel.force(false);
        latencies.add(System.nanoTime() - began);
      }
    } finally {
      Files.delete(file);
    }
    return latencies;
  }
}
