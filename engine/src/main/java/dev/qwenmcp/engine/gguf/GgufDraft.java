package dev.qwenmcp.engine.gguf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file will hold: key-value pairs and tensors, in the order in which they are declared.
 *
 * <p>All methods throw IllegalArgumentException for what no reader would accept: a key or tensor
 * declared twice, a value out of its type's range, a tensor name beyond 63 bytes, a row that is no
 * multiple of the type's block size.
 */
public final class GgufDraft {
  /** llama.cpp keeps names in 64 bytes with a zero at the end. */
  private static final int LONGEST_TENSOR_NAME = 63;

  private final Map<String, byte[]> pairs = new LinkedHashMap<>();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private int alignment = GgufPart.DEFAULT_ALIGNMENT;
  private long dataSize;

  /**
   * An array value.
   *
   * @param elements Boolean, Number, String or Array, as the element type asks for
   */
  public record Array(GgufValueType elementType, List<?> elements) {
    public Array {
      elements = List.copyOf(elements);
    }
  }

  /** A pair of any type; the value is a Boolean, Number, String or {@link Array}. */
  public GgufDraft put(String key, GgufValueType type, Object value) {
    if (key.equals(GgufPart.ALIGNMENT_KEY)) {
      return alignment(Math.toIntExact(((Number) value).longValue()));
    }
    return putRaw(key, new GgufEncoder().int32(type.id()).value(type, value).bytes());
  }

  public GgufDraft string(String key, String value) {
    return put(key, GgufValueType.STRING, value);
  }

  public GgufDraft bool(String key, boolean value) {
    return put(key, GgufValueType.BOOL, value);
  }

  public GgufDraft uint32(String key, long value) {
    return put(key, GgufValueType.UINT32, value);
  }

  public GgufDraft float32(String key, float value) {
    return put(key, GgufValueType.FLOAT32, value);
  }

  public GgufDraft strings(String key, List<String> values) {
    return put(key, GgufValueType.ARRAY, new Array(GgufValueType.STRING, values));
  }

  public GgufDraft int32s(String key, int... values) {
    List<Integer> boxed = Arrays.stream(values).boxed().toList();
    return put(key, GgufValueType.ARRAY, new Array(GgufValueType.INT32, boxed));
  }

  /** A pair of another file, byte for byte. */
  public GgufDraft copy(GgufMetadata from, String key) {
    GgufValue value = from.raw(key);
    if (value == null) {
      throw new IllegalArgumentException("no metadata " + Text.quote(key));
    }
    if (key.equals(GgufPart.ALIGNMENT_KEY)) {
      return put(key, value.type(), value.decode());
    }
    int length = Math.toIntExact(value.end() - value.start());
    GgufEncoder encoder = new GgufEncoder().int32(value.type().id());
    return putRaw(key, encoder.raw(Utf8.raw(value.bytes(), value.start(), length)).bytes());
  }

  /**
   * Sets {@code general.alignment}, 32 where it is not called; comes before the first tensor.
   *
   * @param bytes a power of two from 8 to 1048576
   */
  public GgufDraft alignment(int bytes) {
    if (bytes < GgufPart.LEAST_ALIGNMENT
        || bytes > GgufPart.MOST_ALIGNMENT
        || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("alignment of " + bytes);
    }
    if (!tensors.isEmpty()) {
      throw new IllegalArgumentException("the alignment is set before the first tensor");
    }
    putRaw(
        GgufPart.ALIGNMENT_KEY,
        new GgufEncoder().int32(GgufValueType.UINT32.id()).int32(bytes).bytes());
    alignment = bytes;
    return this;
  }

  /**
   * Declares a tensor; its data is due in this order.
   *
   * @param shape one to four sizes, fastest-varying first
   */
  public GgufDraft tensor(String name, GgmlType type, List<Long> shape) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > LONGEST_TENSOR_NAME) {
      throw new IllegalArgumentException(
          "tensor name " + Text.quote(name) + " takes " + length + " bytes, not 1 to 63");
    }
    if (shape.isEmpty()
        || shape.size() > GgufPart.MOST_DIMENSIONS
        || shape.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("tensor " + Text.quote(name) + " of shape " + shape);
    }
    long size = type.rowBytes(shape.getFirst());
    for (long rows : shape.subList(1, shape.size())) {
      size = Math.multiplyExact(size, rows);
    }
    TensorInfo tensor = new TensorInfo(name, type, shape, 0, dataSize, size);
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("tensor " + Text.quote(name) + " is declared twice");
    }
    dataSize = GgufPart.align(dataSize + size, alignment);
    return this;
  }

  /** The declared tensors with their places. */
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  /** Bytes of the whole file. */
  public long fileSize() {
    return header().length + dataSize;
  }

  int alignment() {
    return alignment;
  }

  /** Everything before the data section, with the padding. */
  byte[] header() {
    GgufEncoder encoder = new GgufEncoder().int32(GgufPart.MAGIC).int32(3);
    encoder.int64(tensors.size()).int64(pairs.size());
    pairs.forEach((key, value) -> encoder.string(key).raw(value));
    for (TensorInfo tensor : tensors.values()) {
      encoder.string(tensor.name()).int32(tensor.shape().size());
      tensor.shape().forEach(encoder::int64);
      encoder.int32(tensor.type().id()).int64(tensor.offset());
    }
    int padding = (int) (GgufPart.align(encoder.size(), alignment) - encoder.size());
    return encoder.raw(new byte[padding]).bytes();
  }

  private GgufDraft putRaw(String key, byte[] typeAndValue) {
    int length = key.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > GgufPart.LONGEST_KEY) {
      throw new IllegalArgumentException("metadata key of " + length + " bytes");
    }
    if (pairs.putIfAbsent(key, typeAndValue) != null) {
      throw new IllegalArgumentException("metadata " + Text.quote(key) + " is set twice");
    }
    return this;
  }
}
