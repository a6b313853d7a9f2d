package dev.qwenmcp.engine.gguf;

import java.util.Optional;

/** Types of metadata values, numbered as in the file. */
public enum GgufValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  /** A length of 8 bytes, then as many bytes of UTF-8. */
  STRING(8, 8),
  /** Element type (4 bytes), count (8 bytes), then the elements. */
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int id;
  private final int leastBytes;

  GgufValueType(int id, int leastBytes) {
    this.id = id;
    this.leastBytes = leastBytes;
  }

  /** The number that stands for this type in a file. */
  public int id() {
    return id;
  }

  /** Bytes that a value takes; for strings and arrays, those of an empty one. */
  public int leastBytes() {
    return leastBytes;
  }

  /** Whether every value of this type takes exactly {@link #leastBytes()}. */
  public boolean fixedSize() {
    return this != STRING && this != ARRAY;
  }

  /** Whether this is one of the eight integer types. */
  public boolean integer() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }

  /** The type with this number in a file, if there is one. */
  public static Optional<GgufValueType> byId(int id) {
    for (GgufValueType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
