package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kernel.ExpertMatrix;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.Matrix;
import dev.qwenmcp.engine.kernel.Norm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds every tensor of a model in its file, with the shape that the configuration asks for.
 *
 * <p>A tensor that the engine would not use is an error as well: it would mean that the model
 * computes something else than the engine does.
 */
final class WeightsReader {
  private static final long CACHE_LINE = 64;

  private final GgufFile file;
  private final ModelConfig config;
  private final Kernels kernels;
  private final Arena arena;
  private final Set<String> used = new HashSet<>();

  /**
   * @param arena holds the few small tensors that are widened to float32
   */
  WeightsReader(GgufFile file, ModelConfig config, Kernels kernels, Arena arena) {
    this.file = file;
    this.config = config;
    this.kernels = kernels;
    this.arena = arena;
  }

  Weights read() throws GgufFormatException {
    Matrix embedding = matrix("token_embd.weight", config.vocabulary(), config.width());
    List<Weights.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("blk." + i + "."));
    }
    Norm outputNorm = norm("output_norm.weight", config.width());
    Matrix head =
        file.tensor("output.weight").isPresent()
            ? matrix("output.weight", config.vocabulary(), config.width())
            : embedding;
    for (TensorInfo tensor : file.tensors()) {
      if (!used.contains(tensor.name())) {
        throw wrong("only tensors of " + config.architecture(), "the tensor " + tensor.name());
      }
    }
    return new Weights(embedding, layers, outputNorm, head);
  }

  private Weights.Layer layer(String prefix) throws GgufFormatException {
    int width = config.width();
    int queries = Math.multiplyExact(config.heads(), config.headDim());
    int keys = Math.multiplyExact(config.kvHeads(), config.headDim());
    return new Weights.Layer(
        norm(prefix + "attn_norm.weight", width),
        matrix(prefix + "attn_q.weight", queries, width),
        matrix(prefix + "attn_k.weight", keys, width),
        matrix(prefix + "attn_v.weight", keys, width),
        norm(prefix + "attn_q_norm.weight", config.headDim()),
        norm(prefix + "attn_k_norm.weight", config.headDim()),
        matrix(prefix + "attn_output.weight", width, queries),
        feedForward(prefix));
  }

  private Weights.FeedForward feedForward(String prefix) throws GgufFormatException {
    int width = config.width();
    Norm norm = norm(prefix + "ffn_norm.weight", width);
    return switch (config.feedForward()) {
      case ModelConfig.Dense dense ->
          new Weights.Dense(
              norm,
              matrix(prefix + "ffn_gate.weight", dense.width(), width),
              matrix(prefix + "ffn_up.weight", dense.width(), width),
              matrix(prefix + "ffn_down.weight", width, dense.width()));
      case ModelConfig.Experts moe ->
          new Weights.Mixture(
              norm,
              float32(matrix(prefix + "ffn_gate_inp.weight", moe.experts(), width)),
              experts(prefix + "ffn_gate_exps.weight", moe.experts(), moe.width(), width),
              experts(prefix + "ffn_up_exps.weight", moe.experts(), moe.width(), width),
              experts(prefix + "ffn_down_exps.weight", moe.experts(), width, moe.width()),
              moe.used());
    };
  }

  private Norm norm(String name, int width) throws GgufFormatException {
    TensorInfo tensor = tensor(name, List.of((long) width));
    Matrix row = new Matrix(tensor.type(), 1, width, file.data(tensor));
    return new Norm(float32(row).data(), config.normEpsilon());
  }

  private Matrix matrix(String name, int rows, int cols) throws GgufFormatException {
    TensorInfo tensor = tensor(name, List.of((long) cols, (long) rows));
    return new Matrix(tensor.type(), rows, cols, file.data(tensor));
  }

  private ExpertMatrix experts(String name, int experts, int rows, int cols)
      throws GgufFormatException {
    TensorInfo tensor = tensor(name, List.of((long) cols, (long) rows, (long) experts));
    return new ExpertMatrix(tensor.type(), experts, rows, cols, file.data(tensor));
  }

  private TensorInfo tensor(String name, List<Long> shape) throws GgufFormatException {
    TensorInfo tensor =
        file.tensor(name).orElseThrow(() -> wrong("the tensor " + name, "no such tensor"));
    if (!tensor.shape().equals(shape)) {
      throw wrong(name + " of shape " + shape, "shape " + tensor.shape());
    }
    if (!tensor.type().supported()) {
      throw wrong(name + " in a type the engine computes with", tensor.type().toString());
    }
    used.add(name);
    return tensor;
  }

  /** The matrix itself if it is float32 already, else an exact widened copy. */
  private Matrix float32(Matrix matrix) {
    if (matrix.type() == GgmlType.F32) {
      return matrix;
    }
    MemorySegment copy = arena.allocate(4L * matrix.rows() * matrix.cols(), CACHE_LINE);
    kernels.embed(new Kernels.Embed(matrix, IntStream.range(0, matrix.rows()).toArray(), copy));
    return new Matrix(GgmlType.F32, matrix.rows(), matrix.cols(), copy);
  }

  private GgufFormatException wrong(String expected, String found) {
    return new GgufFormatException(file.name(), -1, expected, found);
  }
}
