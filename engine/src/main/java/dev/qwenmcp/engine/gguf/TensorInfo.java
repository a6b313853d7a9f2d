package dev.qwenmcp.engine.gguf;

import java.util.List;

/**
 * Name, type and place of one tensor.
 *
 * @param name the tensor's name, such as {@code blk.0.attn_q.weight}
 * @param type the element type
 * @param shape one to four sizes, fastest-varying first: a matrix is {@code [cols, rows]}
 * @param part index of the split file that holds it, 0 in a single file
 * @param offset bytes from the start of that part's data section, a multiple of the alignment
 * @param byteSize bytes of the whole tensor
 */
public record TensorInfo(
    String name, GgmlType type, List<Long> shape, int part, long offset, long byteSize) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
