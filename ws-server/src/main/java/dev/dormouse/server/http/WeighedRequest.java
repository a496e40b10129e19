package dev.dormouse.server.http;

import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Unfinished;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/// A request whose body counts among what waits in memory, from its coming until the request is
/// answered. It breaks off with 503 where that is too much already, and with 408 where the body
/// does not get on.
final class WeighedRequest extends Request.Wrapper {
  /// What a request takes besides its body, as long as that comes, in bytes.
  private static final int ITSELF = 5 * 1024;

  private final Burden burden;
  private final Body body = new Body();

  /// What has come, and the request itself, in bytes.
  private final AtomicInteger weight = new AtomicInteger(ITSELF);

  /// What is to run when there is more to read; whoever takes it runs it.
  private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();

  private volatile Content.@Nullable Chunk failure;

  private WeighedRequest(Request request, Burden burden) {
    super(request);
    this.burden = burden;
  }

  static WeighedRequest of(Request request, Burden burden) {
    WeighedRequest weighed = new WeighedRequest(request, burden);
    burden.add(ITSELF);
    burden.begin(weighed.body);
    Request.addCompletionListener(request, _ -> weighed.answered());
    return weighed;
  }

  private void answered() {
    burden.done(body);
    burden.add(-weight.get());
  }

  @Override
  public Content.@Nullable Chunk read() {
    if (failure != null) {
      return failure;
    }
    Content.Chunk chunk = super.read();
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return chunk;
    }
    int size = chunk.remaining();
    if (size > 0 && (burden.full() || (burden.heavy() && weight.get() + size > Burden.SMALL))) {
      chunk.release();
      fail(503, "too much waits in memory already; try again later");
      return failure;
    }
    weight.addAndGet(size);
    burden.add(size);
    if (chunk.isLast()) {
      burden.done(body);
    }
    return chunk;
  }

  @Override
  public void demand(Runnable then) {
    waiting.set(then);
    if (failure == null) {
      super.demand(Invocable.from(Invocable.getInvocationType(then), this::goOn));
    }
    if (failure != null) {
      getComponents().getExecutor().execute(this::goOn);
    }
  }

  private void goOn() {
    Runnable then = waiting.getAndSet(null);
    if (then != null) {
      then.run();
    }
  }

  private void fail(int status, String why) {
    failure = Content.Chunk.from(new HttpException.RuntimeException(status, why));
  }

  /// What is still to come.
  private final class Body extends Unfinished {
    @Override
    protected long holds() {
      return weight.get();
    }

    @Override
    protected long moved() {
      return weight.get();
    }

    @Override
    protected void end(Why why) {
      switch (why) {
        case SLOW -> fail(408, "the body did not get on");
        case FULL -> fail(503, "too much waits in memory already; try again later");
      }
      getComponents().getExecutor().execute(WeighedRequest.this::goOn);
    }
  }
}
