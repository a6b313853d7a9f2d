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
        places[i + 1] = end(type, places[i]);
      }
      starts = places;
    }
    return starts;
  }

  /** The byte behind an element; the cursor has checked that it lies in the file. */
  private long end(GgufValueType element, long at) {
    return switch (element) {
      case STRING -> at + 8 + array.bytes().get(GgufCursor.LONG, at);
      case ARRAY -> {
        GgufValue inner = new GgufValue(array.bytes(), element, at, at);
        GgufValueType innerType = inner.elementType();
        long end = inner.elements();
        if (innerType.fixedSize()) {
          yield end + (long) inner.count() * innerType.leastBytes();
        }
        for (int i = 0; i < inner.count(); i++) {
          end = end(innerType, end);
        }
        yield end;
      }
      default -> at + element.leastBytes();
    };
  }
}
