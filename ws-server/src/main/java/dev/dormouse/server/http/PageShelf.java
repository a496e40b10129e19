package dev.dormouse.server.http;

import dev.dormouse.room.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// The static pages of all namespaces, in memory. Only what was found at the start is served, by
/// its exact path, so that no address leads to any other file.
public final class PageShelf {
  /// Pages load nothing from elsewhere, talk to this server alone, and are shown in no other site's
  /// frame, where a click could be led astray.
  static final String POLICY =
      "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline';"
          + " base-uri 'none'; frame-ancestors 'self'";

  /// The script by which pages ask for a token.
  private static final String TOKEN = "/access/token.js";

  private final Map<String, Page> pages;

  private PageShelf(Map<String, Page> pages) {
    this.pages = Map.copyOf(pages);
  }

  /// Reads the pages of all namespaces, and takes the server's own script for tokens.
  ///
  /// @throws IllegalArgumentException if a folder has no `index.html`, or two pages the same path
  public static PageShelf of(List<Namespace> namespaces) {
    Map<String, Page> pages = new HashMap<>();
    pages.put(TOKEN, Page.own("access-page/token.js"));
    for (Namespace namespace : namespaces) {
      for (Namespace.Pages folder : namespace.pages()) {
        Page.read(folder)
            .forEach((path, page) -> {
              if (pages.putIfAbsent(path, page) != null) {
                throw new IllegalArgumentException(
                    "two namespaces have a page at '" + path + "'; one is " + namespace.name());
              }
            });
      }
    }
    return new PageShelf(pages);
  }

  /// Answers with the page at `path`, and says whether there is one.
  boolean serve(Answer answer, String path) {
    Page page = pages.get(path);
    if (page == null) {
      return false;
    }
    serve(answer, page, POLICY);
    return true;
  }

  /// Answers with a page.
  ///
  /// @param policy what a browser lets it load and do
  static void serve(Answer answer, Page page, String policy) {
    Request request = answer.request();
    FrontDoor.reading(request);
    answer.headers().put(HttpHeader.ETAG, page.tag());
    // Asked for anew each time, answered with 304 while it is the same.
    answer.headers().put(HttpHeader.CACHE_CONTROL, "no-cache");
    answer.headers().put("content-security-policy", policy);
    answer.headers().put("referrer-policy", "same-origin");
    if (request.getHeaders().getCSV(HttpHeader.IF_NONE_MATCH, true).contains(page.tag())) {
      answer.empty(304);
    } else {
      answer.kept(200, page.contentType(), page.bytes());
    }
  }
}
