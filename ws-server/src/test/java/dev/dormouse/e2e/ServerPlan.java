package dev.dormouse.e2e;

import dev.dormouse.server.JvmFlags;
import dev.dormouse.server.ServerUnderTest;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a [ServerProcess] is to run.
///
/// @param within a command that runs the server's, such as one that takes rights from it
/// @param mainClass the class whose `main` it is
/// @param classPath where that is found
/// @param folder where its words go: `out.txt` of one life, `log.txt` of all
/// @param options of the JVM
/// @param flags of `serve`, without port and data folder
record ServerPlan(
    List<String> within,
    Class<?> mainClass,
    List<String> classPath,
    Path folder,
    Path data,
    int port,
    List<String> options,
    List<String> flags) {

  /// A server on a port of its choice, with the data folder `data` in `folder`.
  static ServerPlan in(Path folder) {
    Path data = folder.resolve("data");
    List<String> path = testClassPath();
    return new ServerPlan(
        List.of(), ServerUnderTest.class, path, folder, data, 0, List.of(), List.of());
  }

  ServerPlan within(List<String> command) {
    return new ServerPlan(command, mainClass, classPath, folder, data, port, options, flags);
  }

  ServerPlan runs(Class<?> other, List<String> from) {
    return new ServerPlan(within, other, from, folder, data, port, options, flags);
  }

  ServerPlan saysIn(Path other) {
    return new ServerPlan(within, mainClass, classPath, other, data, port, options, flags);
  }

  ServerPlan data(Path other) {
    return new ServerPlan(within, mainClass, classPath, folder, other, port, options, flags);
  }

  ServerPlan port(int fixed) {
    return new ServerPlan(within, mainClass, classPath, folder, data, fixed, options, flags);
  }

  ServerPlan options(List<String> more) {
    List<String> all = Stream.concat(options.stream(), more.stream()).toList();
    return new ServerPlan(within, mainClass, classPath, folder, data, port, all, flags);
  }

  ServerPlan flags(String... more) {
    List<String> all = Stream.concat(flags.stream(), Stream.of(more)).toList();
    return new ServerPlan(within, mainClass, classPath, folder, data, port, options, all);
  }

  ProcessBuilder command() {
    List<String> command = new ArrayList<>(within);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the script has them; compiled quickly, because most of these live for a second.
    command.addAll(
        List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-XX:+PerfDisableSharedMem", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(JvmFlags.inside());
    command.addAll(options);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.addAll(List.of(mainClass.getName(), "serve", "--port", Integer.toString(port)));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(flags);
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out.txt").toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()));
  }

  /// The class path of the tests: the server, and what tests add.
  static List<String> testClassPath() {
    String known = System.getProperty("surefire.test.class.path");
    String path = known != null ? known : System.getProperty("java.class.path", "");
    return List.of(path.split(File.pathSeparator));
  }

  /// The class path without what only tests have.
  static List<String> serverClassPath() {
    return testClassPath().stream().filter(entry -> !entry.endsWith("test-classes")).toList();
  }
}
