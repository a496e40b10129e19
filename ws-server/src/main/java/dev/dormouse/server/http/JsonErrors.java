package dev.dormouse.server.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Tells the errors that Jetty finds by itself in the same words as all others.
public final class JsonErrors extends ErrorHandler {

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    // The exception knows more than the status's own words.
    String said = cause instanceof HttpException known ? known.getReason() : message;
    new Answer(request, response, callback).problem(Problem.ofStatus(code, said));
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }
}
