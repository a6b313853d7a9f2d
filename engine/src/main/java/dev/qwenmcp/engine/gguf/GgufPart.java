package dev.qwenmcp.engine.gguf;

import dev.qwenmcp.engine.gguf.GgufCursor.Subject;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * One file of a model: its header, checked from end to end, and its data section.
 *
 * <p>Layout, little-endian: {@code "GGUF"}, version (4 bytes), number of tensors (8), number of
 * key-value pairs (8); each pair is a key, a value type (4) and a value; each tensor is a name, the
 * number of dimensions (4), the dimensions (8 each), an element type (4) and an offset (8); then
 * padding to the alignment, then the data section, in which offsets count.
 *
 * @param name path or name, for messages
 * @param version 2 or 3
 * @param metadata all key-value pairs
 * @param tensors in file order
 * @param alignment of tensors and data section, a power of two
 * @param header everything before the data section
 * @param data the data section
 */
record GgufPart(
    String name,
    int version,
    GgufMetadata metadata,
    List<TensorInfo> tensors,
    int alignment,
    MemorySegment header,
    MemorySegment data) {

  /** "GGUF" as a little-endian number. */
  static final int MAGIC = 0x46554747;

  static final String ALIGNMENT_KEY = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;
  static final int LEAST_ALIGNMENT = 8;
  static final int MOST_ALIGNMENT = 1 << 20;

  /** The specification's limits. llama.cpp, however, takes tensor names up to 63 bytes only. */
  static final int LONGEST_KEY = 65535;

  static final int LONGEST_TENSOR_NAME = 64;

  static final int MOST_DIMENSIONS = 4;

  private static final Subject HEADER = new Subject("the header", null);

  /** Key of one byte, value type, value of one byte. */
  private static final int LEAST_PAIR = 8 + 1 + 4 + 1;

  /** Name of one byte, number of dimensions, one dimension, element type, offset. */
  private static final int LEAST_TENSOR = 8 + 1 + 4 + 8 + 4 + 8;

  /**
   * Reads and checks a header.
   *
   * @param index what {@link TensorInfo#part()} will be
   */
  static GgufPart read(String name, MemorySegment bytes, int index) throws GgufFormatException {
    GgufCursor cursor = new GgufCursor(name, bytes);
    int version = readVersion(cursor);
    long tensorCount = cursor.count("number of tensors", HEADER, LEAST_TENSOR);
    long pairCount = cursor.count("number of key-value pairs", HEADER, LEAST_PAIR);
    GgufMetadata metadata = new GgufMetadata(name, readPairs(cursor, pairCount));
    int alignment = alignment(name, metadata);
    List<Placed> placed = readTensors(cursor, tensorCount, alignment, index);
    long dataStart = Math.min(align(cursor.position(), alignment), bytes.byteSize());
    MemorySegment header = bytes.asSlice(0, dataStart);
    MemorySegment data = bytes.asSlice(dataStart);
    checkPlaces(cursor, placed, data.byteSize());
    List<TensorInfo> tensors = placed.stream().map(Placed::tensor).toList();
    return new GgufPart(name, version, metadata, tensors, alignment, header, data);
  }

  static long align(long position, long alignment) {
    return Math.addExact(position, alignment - 1) & -alignment;
  }

  private static int readVersion(GgufCursor cursor) throws GgufFormatException {
    int magic = cursor.int32("the signature \"GGUF\"", HEADER);
    if (magic != MAGIC) {
      throw cursor.wrong(
          0,
          "the signature \"GGUF\" of a GGUF model",
          String.format("bytes %08x", Integer.reverseBytes(magic)));
    }
    int version = cursor.int32("version", HEADER);
    if (version == 2 || version == 3) {
      return version;
    }
    if (version == 1) {
      throw cursor.wrong(
          4, "GGUF version 2 or 3", "version 1 of 2023; convert the original model again");
    }
    if (Integer.reverseBytes(version) >= 1 && Integer.reverseBytes(version) <= 0xffff) {
      throw cursor.wrong(
          4,
          "a little-endian GGUF file",
          "a big-endian one of version "
              + Integer.reverseBytes(version)
              + "; get the little-endian file of the model");
    }
    throw cursor.wrong(4, "GGUF version 2 or 3", "version " + Integer.toUnsignedString(version));
  }

  private static LinkedHashMap<String, GgufValue> readPairs(GgufCursor cursor, long count)
      throws GgufFormatException {
    LinkedHashMap<String, GgufValue> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      long at = cursor.position();
      String key = cursor.name(new Subject("metadata key", i), LONGEST_KEY);
      Subject pair = new Subject("metadata", key);
      GgufValue value = cursor.value(cursor.valueType(pair), pair);
      if (values.putIfAbsent(key, value) != null) {
        throw cursor.wrong(at, "each metadata key once", "a second " + Text.quote(key));
      }
    }
    return values;
  }

  private static int alignment(String file, GgufMetadata metadata) throws GgufFormatException {
    long alignment = metadata.integer(ALIGNMENT_KEY).orElse((long) DEFAULT_ALIGNMENT);
    if (alignment < LEAST_ALIGNMENT
        || alignment > MOST_ALIGNMENT
        || Long.bitCount(alignment) != 1) {
      throw new GgufFormatException(
          file,
          metadata.raw(ALIGNMENT_KEY).start(),
          ALIGNMENT_KEY + " to be a power of two from 8 to 1048576",
          Long.toString(alignment));
    }
    return (int) alignment;
  }

  /**
   * @param at where in the file the tensor's offset stands, for messages
   */
  private record Placed(TensorInfo tensor, long at) {}

  private static List<Placed> readTensors(GgufCursor cursor, long count, int alignment, int part)
      throws GgufFormatException {
    List<Placed> placed = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      long at = cursor.position();
      String name = cursor.name(new Subject("tensor", i), LONGEST_TENSOR_NAME);
      if (!names.add(name)) {
        throw cursor.wrong(at, "each tensor once", "a second " + Text.quote(name));
      }
      placed.add(readTensor(cursor, name, alignment, part));
    }
    return placed;
  }

  private static Placed readTensor(GgufCursor cursor, String name, int alignment, int part)
      throws GgufFormatException {
    Subject what = new Subject("tensor", name);
    long at = cursor.position();
    int dimensions = cursor.int32("number of dimensions", what);
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw cursor.wrong(at, "1 to 4 dimensions of " + what, Integer.toUnsignedString(dimensions));
    }
    long shapeAt = cursor.position();
    List<Long> shape = new ArrayList<>(dimensions);
    for (int d = 0; d < dimensions; d++) {
      long sizeAt = cursor.position();
      long size = cursor.size("dimension", what);
      if (size < 1) {
        throw cursor.wrong(sizeAt, "dimension " + d + " of " + what + " to be 1 or more", "0");
      }
      shape.add(size);
    }
    long typeAt = cursor.position();
    int id = cursor.int32("element type", what);
    GgmlType type =
        GgmlType.byId(id)
            .orElseThrow(() ->
                cursor.wrong(
                    typeAt,
                    "a known element type",
                    what + " has type " + Integer.toUnsignedString(id)));
    long size = byteSize(cursor, what, type, shape, shapeAt);
    long offsetAt = cursor.position();
    long offset = cursor.size("offset", what);
    if (offset % alignment != 0) {
      throw cursor.wrong(
          offsetAt, "offset of " + what + " to be a multiple of " + alignment, "" + offset);
    }
    return new Placed(new TensorInfo(name, type, shape, part, offset, size), offsetAt);
  }

  private static long byteSize(
      GgufCursor cursor, Subject what, GgmlType type, List<Long> shape, long at)
      throws GgufFormatException {
    if (shape.getFirst() % type.blockSize() != 0) {
      throw cursor.wrong(
          at,
          "rows of " + what + " to be a multiple of " + type.blockSize() + " for " + type,
          shape.getFirst() + " elements");
    }
    try {
      long size = type.rowBytes(shape.getFirst());
      long elements = shape.getFirst();
      for (int d = 1; d < shape.size(); d++) {
        elements = Math.multiplyExact(elements, shape.get(d));
        size = Math.multiplyExact(size, shape.get(d));
      }
      return size;
    } catch (ArithmeticException e) {
      throw cursor.wrong(at, "size of " + what + " below 2^63", "shape " + shape);
    }
  }

  /** Every tensor lies in the data section and none lies on another. */
  private static void checkPlaces(GgufCursor cursor, List<Placed> placed, long dataSize)
      throws GgufFormatException {
    for (Placed p : placed) {
      TensorInfo tensor = p.tensor();
      if (tensor.byteSize() > dataSize || tensor.offset() > dataSize - tensor.byteSize()) {
        throw cursor.wrong(
            p.at(),
            "tensor "
                + Text.quote(tensor.name())
                + " to lie in the data section of "
                + dataSize
                + " bytes",
            tensor.byteSize()
                + " bytes at offset "
                + tensor.offset()
                + "; the file may be an incomplete download");
      }
    }
    List<Placed> sorted = new ArrayList<>(placed);
    sorted.sort(Comparator.comparingLong(p -> p.tensor().offset()));
    for (int i = 1; i < sorted.size(); i++) {
      TensorInfo before = sorted.get(i - 1).tensor();
      TensorInfo tensor = sorted.get(i).tensor();
      if (tensor.offset() < before.offset() + before.byteSize()) {
        throw cursor.wrong(
            sorted.get(i).at(),
            "tensor " + Text.quote(tensor.name()) + " apart from the others",
            "it lies on " + Text.quote(before.name()));
      }
    }
  }
}
