package dev.qwenmcp.engine;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.model.ModelConfig;
import dev.qwenmcp.engine.model.QwenModel;

/**
 * What a model would take of the machine's memory, known from its file's header alone.
 *
 * @param architecture {@code qwen3} or {@code qwen3moe}
 * @param weightBytes mapped; while the model computes they should all be in memory
 * @param scratchBytes activations and kernels' working memory
 * @param pageBytes keys and values of {@link KvLayout#PAGE_TOKENS} tokens
 * @param contextTokens longest sequence that the model knows
 */
public record ModelSize(
    String architecture, long weightBytes, long scratchBytes, long pageBytes, int contextTokens) {

  /**
   * Looks at a file.
   *
   * @param options how the model would be run
   * @throws GgufFormatException if the file is no model that the engine can run
   */
  public static ModelSize of(GgufFile file, EngineOptions options) throws GgufFormatException {
    ModelConfig config = QwenModel.config(file);
    int block = options.kvType().ggmlType().blockSize();
    int headDim = (config.headDim() + block - 1) / block * block; // refused when it is opened
    KvLayout layout = new KvLayout(options.kvType(), config.layers(), config.kvHeads(), headDim);
    return new ModelSize(
        config.architecture(),
        file.tensors().stream().mapToLong(TensorInfo::byteSize).sum(),
        MemoryPlan.scratch(config, options.batchTokens()),
        layout.pageBytes(),
        config.contextTokens());
  }

  /** Bytes of the keys and values of so many tokens. */
  public long kvBytes(long tokens) {
    return (tokens + KvLayout.PAGE_TOKENS - 1) / KvLayout.PAGE_TOKENS * pageBytes;
  }

  /**
   * Keys and values without which the model is of no use.
   *
   * @param wanted context in tokens that the user asked for, 0 for none
   */
  public long leastKvBytes(int wanted) {
    return kvBytes(wanted > 0 ? wanted : Math.min(MemoryPlan.LEAST_CONTEXT, contextTokens));
  }
}
