package dev.dormouse.server;

import dev.dormouse.testkit.FailpointExecution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/// The server's command line in a process that tests can trust to die: with whoever started it, and
/// at a failpoint.
///
/// - It ends when its standard input does, and so never outlives a test that was killed.
/// - `-Ddormouse.halt=<failpoint>:<n>` kills the process, as `kill -9` does, when it passes the
///   failpoint for the n-th time; a moment later, so that what may leave it before has left.
/// - `-Ddormouse.fail=<failpoint>:<n>` throws there, as a failing disk does.
/// - `-Ddormouse.slow=<failpoint>:<ms>` waits there every time, as for a slow disk.
public final class ServerUnderTest {
  /// What a process leaves behind that was killed by `SIGKILL`.
  public static final int KILLED = 128 + 9;

  private ServerUnderTest() {}

  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("life-line").start(ServerUnderTest::dieWithParent);
    int code = Main.run(arguments, System.getenv(), new Trapped());
    System.exit(code);
  }

  private static void dieWithParent() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException _) {
      // Nobody there any more, as at the end of the stream.
    }
    Runtime.getRuntime().halt(KILLED);
  }

  /// One failpoint with a number.
  private record Trap(String failpoint, int number) {
    static Trap of(String property) {
      String setting = System.getProperty(property, "");
      int colon = setting.lastIndexOf(':');
      return colon < 0
          ? new Trap("", 0)
          : new Trap(setting.substring(0, colon), Integer.parseInt(setting.substring(colon + 1)));
    }
  }

  /// The real execution, with traps.
  private static final class Trapped extends FailpointExecution {
    private static final int MOMENT_MILLIS = 20;

    private final Trap halt = Trap.of("dormouse.halt");
    private final Trap fail = Trap.of("dormouse.fail");
    private final Trap slow = Trap.of("dormouse.slow");
    private final AtomicInteger untilHalt = new AtomicInteger(halt.number());
    private final AtomicInteger untilFail = new AtomicInteger(fail.number());
    private final MethodHandle raise = raise();

    /// `raise(3)`: unlike a halt of the JVM it leaves the other threads not a moment more.
    @SuppressWarnings("restricted") // native access is granted to all of this process
    private static MethodHandle raise() {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("raise"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    @Override
    public void failpoint(String name) {
      if (name.equals(slow.failpoint())) {
        pause(slow.number());
      }
      if (name.equals(halt.failpoint()) && untilHalt.decrementAndGet() == 0) {
        pause(MOMENT_MILLIS);
        try {
          var _ = (int) raise.invokeExact(9);
        } catch (Throwable t) {
          throw new IllegalStateException("the process cannot kill itself", t);
        }
      }
      if (name.equals(fail.failpoint()) && untilFail.decrementAndGet() == 0) {
        throw new UncheckedIOException(new IOException("the disk failed, as it was told to"));
      }
    }

    private static void pause(int millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
