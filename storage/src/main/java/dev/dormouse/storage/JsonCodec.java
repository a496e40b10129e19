package dev.dormouse.storage;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.dormouse.room.Codec;
import java.io.IOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// Objects as JSON, by Jackson: records, collections, `Optional`, and `java.time` as ISO-8601 text.
///
/// Reading is tolerant: a property that the type does not have is left out, one that is missing is
/// null, empty or zero. Stored data outlives the code that wrote it, and a release that is rolled
/// back must still read what the newer one stored; refusing there would make rooms unusable because
/// of a field nobody asks for. What has no good reading is refused: text that is not JSON, more
/// than one value, a wrong kind of value.
///
/// Equal objects give equal bytes: maps and properties are written in order of their names. No type
/// names are written or followed, so stored bytes never choose a class.
public final class JsonCodec implements Codec {
  private final ObjectMapper mapper =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  @Override
  public byte[] encode(@Nullable Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "a "
              + (value == null ? "null" : value.getClass().getName())
              + " cannot be written as JSON: "
              + e.getOriginalMessage(),
          e);
    }
  }

  @Override
  public @Nullable Object decode(byte[] bytes, Type type) {
    try {
      JavaType mapped = mapper.constructType(type);
      return mapper.readValue(bytes, mapped);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "the bytes are not the JSON of a " + type.getTypeName() + ": " + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the bytes are not the JSON of a " + type.getTypeName() + ": " + e, e);
    }
  }
}
