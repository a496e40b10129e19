package dev.dormouse.server.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/// The parameters of a query, each at most once and none that is not known: a slip of the pen must
/// not quietly list everything.
///
/// @param values by name
record Parameters(Map<String, List<String>> values) {

  /// @param known the names that may be there
  /// @throws Problem.Found with 400
  static Parameters of(Request request, Set<String> known) {
    Map<String, List<String>> values = Decoding.query(request.getHttpURI().getQuery());
    values.forEach((name, given) -> {
      if (!known.contains(name)) {
        throw bad("there is no parameter '" + name + "' here");
      }
      if (given.size() > 1) {
        throw bad("the parameter '" + name + "' is given more than once");
      }
    });
    return new Parameters(values);
  }

  /// A parameter's value; none if it is missing or empty.
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(List::getFirst).filter(it -> !it.isEmpty());
  }

  /// A whole number.
  ///
  /// @throws Problem.Found with 400 if it is none from 1 to `most`
  int number(String name, int usual, int most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return usual;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // As any other that is out of range.
    }
    throw bad("'%s' is a whole number from 1 to %d, not '%s'".formatted(name, most, text.get()));
  }

  static Problem.Found bad(String message) {
    return Problem.of(400, "bad-request", message).found();
  }
}
