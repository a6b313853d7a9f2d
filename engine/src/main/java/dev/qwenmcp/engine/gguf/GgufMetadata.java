package dev.qwenmcp.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Typed, read-only view of a file's key-value pairs.
 *
 * <p>Values stay in the file and are decoded at each call, so this view lives as long as its {@link
 * GgufFile}. Typed methods refuse a value of another type, and strings that are no valid UTF-8;
 * {@link #get}, which is for showing, replaces malformed UTF-8 by U+FFFD; {@link #bytes} gives it
 * as it is.
 */
public final class GgufMetadata {
  private final String file;
  private final LinkedHashMap<String, GgufValue> values;

  GgufMetadata(String file, LinkedHashMap<String, GgufValue> values) {
    this.file = file;
    this.values = values;
  }

  /** Path or name of the file, for messages. */
  public String file() {
    return file;
  }

  /** Keys in file order. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /**
   * The value as a boxed Java value: Boolean, Long (BigInteger beyond its range), Double, String or
   * List of these.
   */
  public Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key)).map(GgufValue::decode);
  }

  /** The value's type in the file. */
  public Optional<GgufValueType> type(String key) {
    return Optional.ofNullable(values.get(key)).map(GgufValue::type);
  }

  /** A string; empty where the key is absent. Throws GgufFormatException for another type. */
  public Optional<String> string(String key) throws GgufFormatException {
    GgufValue value = value(key, "a string", GgufValueType.STRING);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(text(key, value, value.start(), value.end()));
  }

  /** The bytes of a string, whatever they are. */
  public Optional<byte[]> bytes(String key) throws GgufFormatException {
    GgufValue value = value(key, "a string", GgufValueType.STRING);
    if (value == null) {
      return Optional.empty();
    }
    long start = value.start() + 8;
    return Optional.of(Utf8.raw(value.bytes(), start, (int) (value.end() - start)));
  }

  /** Any integer type, widened (unsigned 64-bit beyond Long.MAX_VALUE is an error). */
  public Optional<Long> integer(String key) throws GgufFormatException {
    GgufValue value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.type().integer()) {
      throw wrong(key, value, "an integer");
    }
    long integer = GgufValue.decodeInteger(value.bytes(), value.type(), value.start());
    if (integer < 0 && value.type() == GgufValueType.UINT64) {
      throw wrong(key, value, "an integer below 2^63");
    }
    return Optional.of(integer);
  }

  /** Any float type; integers are accepted and widened. */
  public Optional<Double> number(String key) throws GgufFormatException {
    GgufValue value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value.type() == GgufValueType.FLOAT32 || value.type() == GgufValueType.FLOAT64) {
      return Optional.of(GgufValue.decodeNumber(value.bytes(), value.type(), value.start()));
    }
    if (!value.type().integer()) {
      throw wrong(key, value, "a number");
    }
    return integer(key).map(Long::doubleValue);
  }

  /** A truth value. */
  public Optional<Boolean> bool(String key) throws GgufFormatException {
    GgufValue value = value(key, "a boolean", GgufValueType.BOOL);
    return value == null ? Optional.empty() : Optional.of((Boolean) value.decode());
  }

  /** An array of strings, all decoded. */
  public Optional<List<String>> strings(String key) throws GgufFormatException {
    GgufValue array = array(key, "an array of strings");
    if (array == null) {
      return Optional.empty();
    }
    if (array.elementType() != GgufValueType.STRING) {
      throw wrong(key, array, "an array of strings");
    }
    String[] strings = new String[array.count()];
    MemorySegment bytes = array.bytes();
    long at = array.elements();
    for (int i = 0; i < strings.length; i++) {
      long end = at + 8 + bytes.get(GgufCursor.LONG, at);
      strings[i] = text(key, array, at, end);
      at = end;
    }
    return Optional.of(Collections.unmodifiableList(Arrays.asList(strings)));
  }

  /** An array of any integer type whose values fit an int. */
  public Optional<int[]> integers(String key) throws GgufFormatException {
    GgufValue array = array(key, "an array of integers");
    if (array == null) {
      return Optional.empty();
    }
    GgufValueType type = array.elementType();
    if (!type.integer()) {
      throw wrong(key, array, "an array of integers");
    }
    int[] integers = new int[array.count()];
    for (int i = 0; i < integers.length; i++) {
      long at = array.elements() + (long) i * type.leastBytes();
      long value = GgufValue.decodeInteger(array.bytes(), type, at);
      if (value != (int) value) {
        throw new GgufFormatException(
            file,
            at,
            "integers of 32 bits in " + Text.quote(key),
            String.valueOf(GgufValue.decodeFixed(array.bytes(), type, at)));
      }
      integers[i] = (int) value;
    }
    return Optional.of(integers);
  }

  /** An array of any float type, 64-bit ones rounded; integers are accepted. */
  public Optional<float[]> numbers(String key) throws GgufFormatException {
    GgufValue array = array(key, "an array of numbers");
    if (array == null) {
      return Optional.empty();
    }
    GgufValueType type = array.elementType();
    if (type == GgufValueType.BOOL || !type.fixedSize()) {
      throw wrong(key, array, "an array of numbers");
    }
    float[] numbers = new float[array.count()];
    for (int i = 0; i < numbers.length; i++) {
      long at = array.elements() + (long) i * type.leastBytes();
      numbers[i] = ((Number) GgufValue.decodeFixed(array.bytes(), type, at)).floatValue();
    }
    return Optional.of(numbers);
  }

  /** The place of a value, null where the key is absent. */
  GgufValue raw(String key) {
    return values.get(key);
  }

  private GgufValue value(String key, String expected, GgufValueType type)
      throws GgufFormatException {
    GgufValue value = values.get(key);
    if (value != null && value.type() != type) {
      throw wrong(key, value, expected);
    }
    return value;
  }

  private GgufValue array(String key, String expected) throws GgufFormatException {
    return value(key, expected, GgufValueType.ARRAY);
  }

  /** The string whose length field is at {@code start}. */
  private String text(String key, GgufValue value, long start, long end)
      throws GgufFormatException {
    int length = (int) (end - start - 8);
    String text = length == 0 ? "" : Utf8.strict(value.bytes(), start + 8, length);
    if (text == null) {
      throw new GgufFormatException(
          file,
          start + 8,
          "UTF-8 in " + Text.quote(key),
          Text.quote(Utf8.lenient(value.bytes(), start + 8, length)));
    }
    return text;
  }

  private GgufFormatException wrong(String key, GgufValue value, String expected) {
    String found = value.describeType();
    if (value.type().fixedSize()) {
      found += " " + value.decode();
    }
    return new GgufFormatException(file, value.start(), expected + " as " + Text.quote(key), found);
  }
}
