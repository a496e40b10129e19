package dev.dormouse.rooms.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Reads what strangers send, strictly, and writes what rooms say.
///
/// Strict means: one value and nothing behind it, no key twice, text is not taken for a number nor
/// a number for text, and at most 32 levels.
///
/// What is only said may have fields that nobody knows ([#read]): they are left out, so that newer
/// clients can speak to older rooms. What is ordered may not ([#readOrder]): a misspelt field would
/// be carried out as if it had not been there.
public final class Json {
  private static final int NESTING = 32;

  private static final ObjectMapper MAPPER = mapper();

  private static final ObjectReader ORDERS =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Json() {}

  private static ObjectMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
    builder.withCoercionConfig(
        LogicalType.Textual,
        text -> {
          text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
          text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
          text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        });
    ObjectMapper mapper = builder.build();
    mapper
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(NESTING).build());
    mapper.getFactory().disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION);
    return mapper;
  }

  /// Reads one JSON object.
  ///
  /// @throws BadJsonException if the bytes are not UTF-8 JSON, or not a `type`; says where
  public static <T> T read(byte[] bytes, Class<T> type) throws BadJsonException {
    return read(bytes, MAPPER.reader(), type);
  }

  /// Reads one JSON object by which somebody orders something.
  ///
  /// @throws BadJsonException also if it has a field that `type` has not; names it, and those that
  ///   there are
  public static <T> T readOrder(byte[] bytes, Class<T> type) throws BadJsonException {
    return read(bytes, ORDERS, type);
  }

  private static <T> T read(byte[] bytes, ObjectReader reader, Class<T> type)
      throws BadJsonException {
    try {
      T value = reader.readValue(bytes, type);
      if (value == null) {
        throw new BadJsonException("null where an object belongs");
      }
      return value;
    } catch (UnrecognizedPropertyException e) {
      throw new BadJsonException(
          "nobody knows a field '%s'; there are %s"
              .formatted(fields(e), new TreeSet<>(e.getKnownPropertyIds())));
    } catch (MismatchedInputException e) {
      throw new BadJsonException(misfit(e));
    } catch (JsonProcessingException e) {
      throw new BadJsonException("not JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new BadJsonException("not UTF-8");
    }
  }

  /// Says what does not fit, without the names of our classes, which mean nothing to a stranger.
  private static String misfit(MismatchedInputException e) {
    String fields = fields(e);
    return fields.isEmpty()
        ? "not one JSON object with the fields that belong here"
        : "the field '" + fields + "' is not of the kind that belongs there";
  }

  private static String fields(JsonMappingException e) {
    return e.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(Objects::nonNull)
        .collect(Collectors.joining("."));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /// The object as compact JSON.
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value.getClass() + " cannot be written as JSON", e);
    }
  }
}
