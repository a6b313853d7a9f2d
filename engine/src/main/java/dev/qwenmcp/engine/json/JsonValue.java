package dev.qwenmcp.engine.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value; {@code toString} writes it compactly. Equality is that of JSON Schema. */
public sealed interface JsonValue {

  JsonValue NULL = new Null();
  JsonValue TRUE = new Bool(true);
  JsonValue FALSE = new Bool(false);

  /** {@code null}. */
  record Null() implements JsonValue {
    @Override
    public String toString() {
      return "null";
    }
  }

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements JsonValue {
    @Override
    public String toString() {
      return value ? "true" : "false";
    }
  }

  /**
   * A number as it was written; equal to others of the same mathematical value.
   *
   * @param text as it stood in the JSON text
   * @param value the exact value
   */
  record Number(String text, BigDecimal value) implements JsonValue {

    /** Whether the value has no fraction, however it was written. */
    public boolean integer() {
      return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Number number && value.compareTo(number.value) == 0;
    }

    @Override
    public int hashCode() {
      return value.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A string, unescaped; may hold half a surrogate pair where the text had such an escape. */
  record Text(String value) implements JsonValue {
    @Override
    public String toString() {
      return JsonWriter.quote(value);
    }
  }

  /** An array. */
  record Array(List<JsonValue> values) implements JsonValue {
    public Array {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return JsonWriter.write(this);
    }
  }

  /** An object in the order of its text. */
  record Obj(Map<String, JsonValue> members) implements JsonValue {
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member, or null. */
    public JsonValue get(String name) {
      return members.get(name);
    }

    @Override
    public String toString() {
      return JsonWriter.write(this);
    }
  }
}
