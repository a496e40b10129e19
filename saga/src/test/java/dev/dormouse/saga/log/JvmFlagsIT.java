package dev.dormouse.saga.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log in JVMs with and without the flags that it needs, and what it leaves on the machine.
class JvmFlagsIT {
  @TempDir Path temporary;

  /// `Opener folder`: appends, reads, deletes; prints what went wrong.
  static final class Opener {
    private Opener() {}

    public static void main(String[] args) throws Exception {
      try (ChronicleQueueLog log =
          ChronicleQueueLog.open(
              Path.of(args[0]), LogSettings.defaults().withReserve(0), new SystemExecution())) {
        log.append(List.of(QueueMessage.of("k", ContentType.TEXT, new byte[10]))).get();
        System.out.println("read " + log.read(0, 1).get().entries().size());
      } catch (LogException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void without_flags_the_error_says_exactly_which() throws Exception {
    assertThat(open(List.of())).contains("\n  " + String.join(" ", ChildJvm.FLAGS));
    assertThat(temporary.resolve("log")).doesNotExist();
  }

  @Test
  void with_the_line_that_the_error_names_it_works() throws Exception {
    assertThat(open(ChildJvm.FLAGS)).isEqualTo("read 1\n");
  }

  @Test
  void nothing_is_written_outside_its_folder_and_little_is_said() throws Exception {
    Path home = Files.createDirectory(temporary.resolve("home"));
    Path tmp = Files.createDirectory(temporary.resolve("tmp"));
    Path work = Files.createDirectory(temporary.resolve("work"));
    List<String> flags = new ArrayList<>(ChildJvm.FLAGS);
    flags.addAll(List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + tmp, "-XX:-UsePerfData"));

    assertThat(open(flags, work)).isEqualTo("read 1\n");

    for (Path folder : List.of(home, tmp, work)) {
      try (Stream<Path> left = Files.walk(folder)) {
        assertThat(left).containsExactly(folder);
      }
    }
    assertThat(Files.readString(temporary.resolve("err"))).isEmpty();
  }

  private String open(List<String> flags) throws Exception {
    return open(flags, temporary);
  }

  private String open(List<String> flags, Path work) throws Exception {
    Process process =
        ChildJvm.of(
                Opener.class, flags, temporary.resolve("err"), temporary.resolve("log").toString())
            .directory(work.toFile())
            .start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    ChildJvm.awaitEnd(process);
    return said;
  }
}
