package dev.dormouse.server.http;

import dev.dormouse.room.Namespace;
import java.util.Map;

/// The page of the admin port: plain files from the resources beside this class. It loads nothing
/// from elsewhere, nothing written into it runs, and nobody else's page can frame it.
final class AdminPages {
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Map<String, Page> pages;

  AdminPages() {
    pages = Page.read(new Namespace.Pages("/", AdminPages.class, "admin-page"));
  }

  /// Whether there is a file at a path, as it stands in the request line.
  boolean has(String path) {
    return pages.containsKey(path);
  }

  /// Answers with the file at `path`.
  ///
  /// @throws Problem.Found with 404 if there is none, 405 if it is not asked for by reading
  void serve(Answer answer, String path) {
    Page page = pages.get(path);
    if (page == null) {
      throw Problem.of(404, "not-found", "there is nothing at '" + path + "'").found();
    }
    PageShelf.serve(answer, page, POLICY);
  }
}
