package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufMetadata;
import dev.qwenmcp.engine.gguf.TensorInfo;
import java.util.Set;

/** Reads a {@link ModelConfig} from a file's metadata and refuses what the engine does not know. */
final class ConfigReader {
  private static final Set<String> ARCHITECTURES = Set.of("qwen3", "qwen3moe");

  /** Sizes beyond this are no model: the largest Qwen3 is 4096 wide with a 151,936 vocabulary. */
  private static final long LARGEST = 1 << 24;

  /** {@code expert_gating_func} of a softmax over all experts. */
  private static final long SOFTMAX_GATING = 1;

  private final String file;
  private final GgufMetadata metadata;
  private final String architecture;

  private ConfigReader(String file, GgufMetadata metadata, String architecture) {
    this.file = file;
    this.metadata = metadata;
    this.architecture = architecture;
  }

  static ModelConfig read(GgufFile gguf) throws GgufFormatException {
    GgufMetadata metadata = gguf.metadata();
    String architecture =
        metadata
            .string("general.architecture")
            .orElseThrow(() ->
                new GgufFormatException(
                    gguf.name(), -1, "the key general.architecture", "no such key"));
    if (!ARCHITECTURES.contains(architecture)) {
      throw new GgufFormatException(
          gguf.name(), -1, "architecture qwen3 or qwen3moe", "architecture " + architecture);
    }
    return new ConfigReader(gguf.name(), metadata, architecture).config(gguf);
  }

  private ModelConfig config(GgufFile gguf) throws GgufFormatException {
    int width = size("embedding_length");
    int heads = size("attention.head_count");
    int kvHeads = size("attention.head_count_kv", heads);
    if (heads % kvHeads != 0) {
      throw wrong("a number of heads divisible by the key/value heads", heads + " and " + kvHeads);
    }
    int headDim = size("attention.key_length", width / heads);
    int valueDim = size("attention.value_length", headDim);
    if (valueDim != headDim || headDim % 2 != 0) {
      throw wrong(
          "keys and values of one even length",
          "key_length " + headDim + ", value_length " + valueDim);
    }
    int rotated = size("rope.dimension_count", headDim);
    if (rotated != headDim) {
      throw wrong(
          "rotation of all " + headDim + " elements of a head", "dimension_count " + rotated);
    }
    float epsilon = (float) number("attention.layer_norm_rms_epsilon", 1e-6);
    double base = number("rope.freq_base", 1e6);
    if (!(epsilon >= 0 && epsilon < 1) || !(base > 1 && base < 1e12)) {
      throw wrong("a small epsilon and a rope base above 1", epsilon + " and " + base);
    }
    return new ModelConfig(
        architecture,
        size("block_count"),
        width,
        heads,
        kvHeads,
        headDim,
        feedForward(),
        vocabulary(gguf),
        size("context_length"),
        epsilon,
        base,
        scaling());
  }

  private ModelConfig.FeedForwardShape feedForward() throws GgufFormatException {
    if (architecture.equals("qwen3")) {
      return new ModelConfig.Dense(size("feed_forward_length"));
    }
    int experts = size("expert_count");
    int used = size("expert_used_count");
    if (used > experts) {
      throw wrong("expert_used_count of at most " + experts, Integer.toString(used));
    }
    long gating = metadata.integer(key("expert_gating_func")).orElse(SOFTMAX_GATING);
    if (gating != SOFTMAX_GATING) {
      throw wrong("softmax gating (expert_gating_func 1)", Long.toString(gating));
    }
    if (metadata.integer(key("expert_shared_count")).orElse(0L) != 0) {
      throw wrong("no shared experts", "expert_shared_count above 0");
    }
    if (metadata.integer(key("leading_dense_block_count")).orElse(0L) != 0) {
      throw wrong("experts in every layer", "leading_dense_block_count above 0");
    }
    double scale = number("expert_weights_scale", 1);
    if (scale != 1 && scale != 0) {
      throw wrong("expert_weights_scale 1", Double.toString(scale));
    }
    if (!metadata.bool(key("expert_weights_norm")).orElse(true)) {
      throw wrong("renormalised expert weights", "expert_weights_norm false");
    }
    // Files without the key have as many hidden elements as the dense size shared by the experts.
    int width =
        metadata.get(key("expert_feed_forward_length")).isPresent()
            ? size("expert_feed_forward_length")
            : size("feed_forward_length") / used;
    return new ModelConfig.Experts(experts, used, width);
  }

  private int vocabulary(GgufFile gguf) throws GgufFormatException {
    TensorInfo embedding =
        gguf.tensor("token_embd.weight")
            .orElseThrow(() -> wrong("the tensor token_embd.weight", "no such tensor"));
    if (embedding.shape().size() != 2) {
      throw wrong("token_embd.weight with two dimensions", "shape " + embedding.shape());
    }
    long rows = embedding.shape().get(1);
    if (rows > LARGEST) {
      throw wrong("a vocabulary below " + LARGEST, Long.toString(rows));
    }
    return (int) rows;
  }

  private RopeScaling scaling() throws GgufFormatException {
    String type = metadata.string(key("rope.scaling.type")).orElse("none");
    double factor = number("rope.scaling.factor", 1);
    if (!(factor > 0 && factor <= 1e6)) {
      throw wrong("a positive rope.scaling.factor", Double.toString(factor));
    }
    return switch (type) {
      case "none" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(factor);
      case "yarn" ->
          new RopeScaling.Yarn(
              factor,
              size("rope.scaling.original_context_length", size("context_length")),
              number("rope.scaling.yarn_ext_factor", 1),
              number("rope.scaling.attn_factor", 1),
              number("rope.scaling.yarn_beta_fast", 32),
              number("rope.scaling.yarn_beta_slow", 1));
      default -> throw wrong("rope.scaling.type none, linear or yarn", type);
    };
  }

  private String key(String name) {
    return architecture + "." + name;
  }

  private int size(String name) throws GgufFormatException {
    if (metadata.get(key(name)).isEmpty()) {
      throw wrong("the key " + key(name), "no such key");
    }
    return size(name, 0);
  }

  private int size(String name, int absent) throws GgufFormatException {
    long value = metadata.integer(key(name)).orElse((long) absent);
    if (value < 1 || value > LARGEST) {
      throw wrong(key(name) + " from 1 to " + LARGEST, Long.toString(value));
    }
    return (int) value;
  }

  private double number(String name, double absent) throws GgufFormatException {
    double value = metadata.number(key(name)).orElse(absent);
    if (!Double.isFinite(value)) {
      throw wrong("a finite " + key(name), Double.toString(value));
    }
    return value;
  }

  private GgufFormatException wrong(String expected, String found) {
    return new GgufFormatException(file, -1, expected, found);
  }
}
