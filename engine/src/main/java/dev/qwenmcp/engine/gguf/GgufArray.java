package dev.qwenmcp.engine.gguf;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** An array of the metadata as a list; its elements stay in the file until they are asked for. */
final class GgufArray extends AbstractList<Object> implements RandomAccess {
  private final GgufValue array;
  private final GgufValueType type;
  private final int count;

  /** count + 1 positions, where elements have no fixed size; filled on first use. */
  private long[] starts;

  GgufArray(GgufValue array) {
    this.array = array;
    this.type = array.elementType();
    this.count = array.count();
  }

  GgufValueType type() {
    return type;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public Object get(int index) {
    Objects.checkIndex(index, count);
    if (type.fixedSize()) {
      long at = array.elements() + (long) index * type.leastBytes();
      return GgufValue.decodeFixed(array.bytes(), type, at);
    }
    long[] places = starts();
    return new GgufValue(array.bytes(), type, places[index], places[index + 1]).decode();
  }

  private synchronized long[] starts() {
    if (starts == null) {
      long[] places = new long[count + 1];
      places[0] = array.elements();
      for (int i = 0; i < count; i++) {
        places[i + 1] = GgufValue.end(array.bytes(), type, places[i]);
      }
      starts = places;
    }
    return starts;
  }
}
