package dev.dormouse.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.LifeCycle;
import java.io.Console;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up logging for the server's own process; whoever embeds the server has their own.
final class Logs {
  private Logs() {}

  /// Writes from `level` up to standard error, as the setting `log` says.
  static void configure(ServerSettings settings) {
    String format = settings.word(Setting.LOG, "auto", "json", "text");
    String level = settings.word(Setting.LOG_LEVEL, "error", "warn", "info", "debug", "trace");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder =
        format.equals("json") || (format.equals("auto") && !onTerminal())
            ? started(new JsonLines(), context)
            : text(context);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("dev.dormouse").setLevel(Level.toLevel(level.toUpperCase(Locale.ROOT)));
  }

  private static boolean onTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder =
        new PatternLayoutEncoder() {
          @Override
          public byte[] encode(ILoggingEvent event) {
            return Redaction.of(getLayout().doLayout(event)).getBytes(StandardCharsets.UTF_8);
          }
        };
    // Names of rooms and people may hold anything; a line stays a line, and a terminal is not
    // steered.
    encoder.setPattern(
        "%d{HH:mm:ss.SSS} %-5level %logger{20}: %replace(%msg %kvp){'[\\x00-\\x1f\\x7f-\\x9f]', '?'}%n");
    return started(encoder, context);
  }

  private static <E extends ContextAwareBase & Encoder<ILoggingEvent> & LifeCycle>
      Encoder<ILoggingEvent> started(E encoder, LoggerContext context) {
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
