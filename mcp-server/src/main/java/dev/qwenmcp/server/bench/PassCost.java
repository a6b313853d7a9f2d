package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;

/**
 * Bytes and multiply-adds of forward passes, from the tensors of a file.
 *
 * <p>A pass over n tokens of which r get logits reads
 *
 * <ul>
 *   <li>every tensor of the blocks that is not an expert's once;
 *   <li>of the experts the share that the n tokens choose together: {@code 1 - (1 -
 *       used/experts)^n} if each token chooses evenly and by itself, so exactly {@code
 *       used/experts} for one token;
 *   <li>a row of the embedding for each token, and the whole head (the embedding where they are
 *       one) if r &gt; 0;
 *   <li>keys and values of every position that its tokens see, once for each sequence.
 * </ul>
 *
 * What is written, activations, and what a cache spares are not counted. Multiply-adds: one for
 * each weight of a matrix that a token passes through, and two for each position that it sees,
 * query head and element of a head.
 *
 * @param blockBytes bytes of the blocks without experts
 * @param blockWeights of these, elements of matrices
 * @param expertBytes bytes of all experts
 * @param expertWeights their elements
 * @param activeShare used/experts, 0 without experts
 * @param embeddingRowBytes one token's row
 * @param headBytes the head
 * @param headWeights its elements
 * @param kvBytes keys and values of one position in all layers
 * @param attentionProducts multiply-adds for one position seen, in all layers
 */
public record PassCost(
    long blockBytes,
    long blockWeights,
    long expertBytes,
    long expertWeights,
    double activeShare,
    long embeddingRowBytes,
    long headBytes,
    long headWeights,
    long kvBytes,
    long attentionProducts) {

  /** Most tokens of a prompt's pass. */
  static final int PROMPT_PASS = 512; // EngineOptions.DEFAULT's and llama.cpp's default

  /**
   * Reads the header alone.
   *
   * @throws GgufFormatException if metadata that a Qwen3 model has is missing
   */
  public static PassCost of(GgufFile file, KvType kvType) throws GgufFormatException {
    long blockBytes = 0;
    long blockWeights = 0;
    long expertBytes = 0;
    long expertWeights = 0;
    for (TensorInfo tensor : file.tensors()) {
      if (!tensor.name().startsWith("blk.")) {
        continue;
      }
      if (tensor.name().contains("_exps.")) {
        expertBytes += tensor.byteSize();
        expertWeights += tensor.elements();
      } else {
        blockBytes += tensor.byteSize();
        blockWeights += tensor.shape().size() > 1 ? tensor.elements() : 0; // norms have no products
      }
    }
    TensorInfo embedding = tensor(file, "token_embd.weight");
    TensorInfo head = file.tensor("output.weight").orElse(embedding);
    int layers = integer(file, "block_count");
    int heads = integer(file, "attention.head_count");
    int headDim = integer(file, "attention.key_length");
    KvLayout kv = new KvLayout(kvType, layers, integer(file, "attention.head_count_kv"), headDim);
    return new PassCost(
        blockBytes,
        blockWeights,
        expertBytes,
        expertWeights,
        expertBytes == 0
            ? 0
            : (double) integer(file, "expert_used_count") / integer(file, "expert_count"),
        embedding.type().rowBytes(embedding.shape().getFirst()),
        head.byteSize(),
        head.elements(),
        kv.bytesPerToken(),
        2L * layers * heads * headDim);
  }

  /** What one token of a workload takes on average. */
  public Cost of(Workload workload) {
    return switch (workload) {
      case Workload.Prompt prompt -> of(prompt);
      case Workload.Generation generation -> of(generation);
    };
  }

  private Cost of(Workload.Prompt prompt) {
    double bytes = headBytes;
    double products = headWeights;
    for (int from = 0; from < prompt.tokens(); from += PROMPT_PASS) {
      int n = Math.min(PROMPT_PASS, prompt.tokens() - from);
      int first = prompt.depth() + from;
      bytes += weightBytes(n) + (double) (first + n) * kvBytes;
      // Token i of the pass sees first + i + 1 positions.
      products += n * weightProducts() + (n * (first + (n + 1) / 2.0)) * attentionProducts;
    }
    return new Cost(bytes / prompt.tokens(), products / prompt.tokens());
  }

  private Cost of(Workload.Generation generation) {
    int n = generation.sequences();
    // The first timed token follows one token after the depth and sees itself, too.
    double seen = generation.depth() + 2 + (generation.steps() - 1) / 2.0;
    double bytes = headBytes + weightBytes(n) + n * seen * kvBytes;
    double products = weightProducts() + headWeights + seen * attentionProducts;
    return new Cost(bytes / n, products);
  }

  private double weightBytes(int n) {
    double chosen = 1 - Math.pow(1 - activeShare, n);
    return blockBytes + chosen * expertBytes + (double) n * embeddingRowBytes;
  }

  private double weightProducts() {
    return blockWeights + activeShare * expertWeights;
  }

  private static TensorInfo tensor(GgufFile file, String name) throws GgufFormatException {
    return file.tensor(name)
        .orElseThrow(() -> new GgufFormatException(file.name(), -1, "a tensor " + name, "none"));
  }

  private static int integer(GgufFile file, String key) throws GgufFormatException {
    String full = file.metadata().string("general.architecture").orElse("") + "." + key;
    return file.metadata()
        .integer(full)
        .map(Math::toIntExact)
        .orElseThrow(() -> new GgufFormatException(file.name(), -1, full, "none"));
  }
}
