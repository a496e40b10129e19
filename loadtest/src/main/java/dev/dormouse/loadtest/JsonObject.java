package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An object that was read from JSON. Asked for a field that is not there, or that is of another
/// kind, it throws an [IllegalArgumentException].
public record JsonObject(Map<String, Object> fields) {
  public JsonObject {
    fields = Map.copyOf(fields);
  }

  /// False for a field that is missing or null.
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  public long number(String name) {
    return field(name, Number.class).longValue();
  }

  public String text(String name) {
    return field(name, String.class);
  }

  public boolean truth(String name) {
    return field(name, Boolean.class);
  }

  public JsonObject object(String name) {
    return field(name, JsonObject.class);
  }

  /// A list of whatever there is in it.
  public List<?> list(String name) {
    return field(name, List.class);
  }

  /// A list of nothing but objects.
  public List<JsonObject> objects(String name) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object one : field(name, List.class)) {
      if (!(one instanceof JsonObject object)) {
        throw new IllegalArgumentException("not all of '" + name + "' are objects");
      }
      objects.add(object);
    }
    return objects;
  }

  private <T> T field(String name, Class<T> kind) {
    Object value = fields.get(name);
    if (!kind.isInstance(value)) {
      throw new IllegalArgumentException(
          "no %s '%s' in %s".formatted(kind.getSimpleName(), name, fields.keySet()));
    }
    return kind.cast(value);
  }
}
