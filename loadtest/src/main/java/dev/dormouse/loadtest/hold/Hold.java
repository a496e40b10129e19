package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Arguments;
import dev.dormouse.loadtest.Descriptors;
import dev.dormouse.loadtest.Tool;
import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// The command: holds WebSockets open to the bench port of a server, and wakes a share of them.
public final class Hold {
  private static final Tool TOOL = new Tool("loadtest/hold", HoldOptions.USAGE);

  private Hold() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    TOOL.run(arguments, words -> hold(HoldOptions.parse(words)));
  }

  /// @return whether every connection came to be, stayed, and had its answers
  private static boolean hold(HoldOptions options) throws IOException {
    Descriptors.check(options.connections());
    Times waits = new Times();
    Times lags = new Times();
    Tick last = holder(options, options.server(), waits, lags).run();
    System.err.printf(
        "%d open at the end, %d refused, %d closed by the server; %d asked, %d answered, %d late,"
            + " %d wrong; from the plan p50 %.2f ms, p99 %.2f ms, at most %.2f ms; own lag at most"
            + " %.2f ms%n",
        last.open(),
        last.refused(),
        last.closed(),
        last.sent(),
        last.answered(),
        last.late(),
        last.wrong(),
        waits.percentile(50) / 1e3,
        waits.percentile(99) / 1e3,
        waits.max() / 1e3,
        lags.max() / 1e3);
    return last.lost() == 0 && last.opening() == 0;
  }

  private static Holder holder(HoldOptions options, URI server, Times waits, Times lags)
      throws IOException {
    Optional<LateBinding> binding = LateBinding.find();
    Sources sources =
        options.sources().orElseGet(() -> usual(options, server, binding.isPresent()));
    if (!sources.addresses().isEmpty() && binding.isEmpty()) {
      System.err.println(
          "Each port is bound with its address, and so closed to other programs meanwhile: "
              + "late binding is only there on Linux, with --add-opens java.base/sun.nio.ch=ALL-UNNAMED");
    }
    return new Holder(
        options,
        server,
        sources,
        binding,
        tick -> {
          waits.add(tick.waits());
          lags.add(tick.lags());
          System.out.println(tick.json());
        });
  }

  /// Where ports would have to be bound early, an address is named only if one is not enough.
  private static Sources usual(HoldOptions options, URI server, boolean late) {
    boolean few = options.connections() <= Sources.PORTS_OF_ONE;
    return InetAddress.ofLiteral("127.0.0.1").equals(address(server)) && (late || !few)
        ? Sources.onLoopback(options.connections())
        : new Sources(List.of());
  }

  private static InetAddress address(URI server) {
    try {
      return InetAddress.getByName(server.getHost());
    } catch (UnknownHostException _) {
      throw new Arguments.Misunderstood("there is no host " + server.getHost());
    }
  }
}
