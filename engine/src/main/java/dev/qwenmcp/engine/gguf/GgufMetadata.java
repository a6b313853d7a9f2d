package dev.qwenmcp.engine.gguf;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Typed, read-only view of a file's key-value pairs. */
public final class GgufMetadata {

  /** Keys in file order. */
  public Set<String> keys() {
    throw new UnsupportedOperationException();
  }

  /** The value as a boxed Java value: Boolean, Long, Double, String or List of these. */
  public Optional<Object> get(String key) {
    throw new UnsupportedOperationException();
  }

  /** A string; empty where the key is absent. Throws GgufFormatException for another type. */
  public Optional<String> string(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  /** Any integer type, widened (unsigned 64-bit beyond Long.MAX_VALUE is an error). */
  public Optional<Long> integer(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  /** Any float type; integers are accepted and widened. */
  public Optional<Double> number(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  public Optional<Boolean> bool(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  public Optional<List<String>> strings(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  public Optional<int[]> integers(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  public Optional<float[]> numbers(String key) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }
}
