package dev.dormouse.server.http;

import dev.dormouse.server.limits.Burden;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// A request whose body counts among what waits in memory, from its coming until the request is
/// answered; it breaks off with 503 where that is too much already.
final class WeighedRequest extends Request.Wrapper {
  private final Burden burden;

  /// What has come, in bytes.
  private final AtomicInteger weight = new AtomicInteger();

  /// For the thread that reads.
  private Content.@Nullable Chunk failure;

  private WeighedRequest(Request request, Burden burden) {
    super(request);
    this.burden = burden;
  }

  static WeighedRequest of(Request request, Burden burden) {
    WeighedRequest weighed = new WeighedRequest(request, burden);
    Request.addCompletionListener(request, _ -> burden.add(-weighed.weight.get()));
    return weighed;
  }

  @Override
  public Content.@Nullable Chunk read() {
    if (failure != null) {
      return failure;
    }
    Content.Chunk chunk = super.read();
    int size = chunk == null || Content.Chunk.isFailure(chunk) ? 0 : chunk.remaining();
    if (size == 0 || chunk == null) {
      return chunk;
    }
    if (burden.heavy() && weight.get() + size > Burden.SMALL) {
      chunk.release();
      failure =
          Content.Chunk.from(
              new HttpException.RuntimeException(
                  503, "too much waits in memory already; try again later"));
      return failure;
    }
    int now = weight.addAndGet(size);
    burden.add(size);
    if ((now - size) / Burden.SMALL != now / Burden.SMALL) {
      // It comes in small pieces, but fast.
      burden.weigh();
    }
    return chunk;
  }
}
