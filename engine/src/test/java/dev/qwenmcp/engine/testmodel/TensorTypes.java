package dev.qwenmcp.engine.testmodel;

import dev.qwenmcp.engine.gguf.GgmlType;

/** Chooses the element type of each matrix; norms and routers are F32 in any model. */
@FunctionalInterface
public interface TensorTypes {

  /**
   * The type of a matrix.
   *
   * @param tensor its name, such as {@code blk.0.attn_q.weight}
   * @param cols length of its rows
   */
  GgmlType typeOf(String tensor, long cols);

  /**
   * One type for all matrices; where a row is no multiple of its block, the type that llama.cpp's
   * quantiser falls back to.
   */
  static TensorTypes all(GgmlType type) {
    return (tensor, cols) -> fitting(type, cols);
  }

  /** The given types in turn, so that every kind of matrix meets several of them. */
  static TensorTypes mixed(GgmlType... types) {
    return (tensor, cols) -> fitting(types[Math.floorMod(tensor.hashCode(), types.length)], cols);
  }

  private static GgmlType fitting(GgmlType type, long cols) {
    if (cols % type.blockSize() == 0) {
      return type;
    }
    return switch (type) {
      case Q4_K -> fitting(GgmlType.Q5_0, cols);
      case Q5_K -> fitting(GgmlType.Q5_1, cols);
      case Q6_K -> fitting(GgmlType.Q8_0, cols);
      default -> GgmlType.F16;
    };
  }
}
