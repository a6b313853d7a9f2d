package dev.qwenmcp.engine.synth;

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

  /**
   * llama.cpp's mix of Q4_K and Q6_K known as Q4_K_M.
   *
   * <p>Q6_K for the head (the embedding where tied) and, in {@link #moreBits some layers}, for
   * values and down-projections; with exactly eight experts Q8_0 for keys and values and Q5_K for
   * the attention output, whose share of the file is small then.
   */
  static TensorTypes q4KM(ModelShape shape) {
    return (tensor, cols) -> {
      boolean eight = shape.experts() == 8;
      boolean more = moreBits(layer(tensor), shape.layers());
      boolean head = tensor.equals(shape.tied() ? "token_embd.weight" : "output.weight");
      GgmlType type = GgmlType.Q4_K;
      if (head) {
        type = GgmlType.Q6_K;
      } else if (eight && (tensor.endsWith("attn_k.weight") || tensor.endsWith("attn_v.weight"))) {
        type = GgmlType.Q8_0;
      } else if (eight && tensor.endsWith("attn_output.weight")) {
        type = GgmlType.Q5_K;
      } else if (more && (tensor.endsWith("attn_v.weight") || tensor.contains("ffn_down"))) {
        type = GgmlType.Q6_K;
      }
      return fitting(type, cols);
    };
  }

  /** The first and last eighth of the layers, and every third between. */
  private static boolean moreBits(int layer, int layers) {
    return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
  }

  private static int layer(String tensor) {
    String[] parts = tensor.split("\\.");
    return parts[0].equals("blk") ? Integer.parseInt(parts[1]) : 0;
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
