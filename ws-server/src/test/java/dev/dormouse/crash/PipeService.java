package dev.dormouse.crash;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.ExternalService;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Services that live in the parent process and outlive this one: each call is a line to it and one
/// back. Thread-safe.
final class PipeService {
  private static final int LIMIT_SECONDS = 20;

  private final Consumer<String> out;
  private final Execution execution;
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

  PipeService(Consumer<String> out, Execution execution) {
    this.out = out;
    this.execution = execution;
  }

  ExternalService named(String service) {
    return call -> ask(service, call);
  }

  private @Nullable String ask(String service, ExternalCall call) throws Exception {
    long number = last.incrementAndGet();
    CompletableFuture<String> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    out.accept("call %d %s %s %s".formatted(number, service, call.operation(), call.key()));
    String said = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    execution.failpoint(Places.CALLED);
    return switch (said) {
      case "known", "done" -> said;
      case "unknown" -> null;
      case "refused" -> throw new Refusal.Refused(402, "no money");
      case "failed" -> throw new IOException("the line is down");
      default -> throw new IllegalArgumentException(said);
    };
  }

  void answered(long number, String said) {
    CompletableFuture<String> answer = waiting.remove(number);
    if (answer != null) {
      answer.complete(said);
    }
  }
}
