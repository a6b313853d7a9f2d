package dev.qwenmcp.engine;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.model.ModelConfig;

/**
 * What a model takes of the machine's memory and what is left for keys and values.
 *
 * <p>Weights are mapped: they live in the page cache, which the system gives up under pressure, and
 * then every pass reads them from disk again. So they count like any other memory.
 *
 * @param machine what there is
 * @param modelBytes weights
 * @param scratchBytes activations and kernels' working memory
 * @param layout of keys and values
 * @param kvLimit most bytes of keys and values as the user wants it, 0 for what memory allows
 */
record MemoryPlan(
    MachineMemory machine, long modelBytes, long scratchBytes, KvLayout layout, long kvLimit) {
  /** A context shorter than this is no use to anybody; models with a shorter one are exempt. */
  static final int LEAST_CONTEXT = 1024;

  /**
   * Activations and working memory of a pass: float32 buffers of the model, those of the kernels
   * (hidden layer, in floats and quantised, of each chosen expert), and logits of sixteen rows, in
   * native memory and on the heap.
   */
  static long scratch(ModelConfig config, int batchTokens) {
    long floats = 2L * config.width() + 3L * config.heads() * config.headDim();
    floats += 4L * config.kvHeads() * config.headDim();
    floats +=
        switch (config.feedForward()) {
          case ModelConfig.Dense dense -> 2L * dense.width();
          case ModelConfig.Experts experts -> experts.used() * (2L * experts.width() + 64);
        };
    return 4 * (batchTokens * floats + 2 * 16L * config.vocabulary());
  }

  long reserve() {
    return machine.reserve();
  }

  long kvBytes(int context) {
    long pages = (context + KvLayout.PAGE_TOKENS - 1L) / KvLayout.PAGE_TOKENS;
    return pages * layout.pageBytes();
  }

  long needed(int context) {
    return modelBytes + scratchBytes + reserve() + kvBytes(context);
  }

  /**
   * Most bytes of keys and values: the user's limit, else what weights and the rest leave, but no
   * more than half of what is available.
   */
  long kvBudget() {
    long left = machine.available() - modelBytes - scratchBytes - reserve();
    return kvLimit > 0 ? kvLimit : Math.clamp(left, 0, machine.available() / 2);
  }

  /**
   * The context to work with.
   *
   * @param model its name, for the message
   * @param wanted tokens, 0 for as many as the model knows and memory holds
   * @param modelLimit longest context of the model
   * @throws ModelMemoryException if the wanted context, or without a wish a useful one, does not
   *     fit
   */
  int context(String model, int wanted, int modelLimit) throws ModelMemoryException {
    long pages = kvBudget() / layout.pageBytes();
    int fits = (int) Math.min(pages * KvLayout.PAGE_TOKENS, Integer.MAX_VALUE);
    int least = wanted > 0 ? wanted : Math.min(LEAST_CONTEXT, modelLimit);
    if (fits < least) {
      throw new ModelMemoryException(model, this, least, remedy(fits));
    }
    return wanted > 0 ? wanted : Math.min(modelLimit, fits);
  }

  private String remedy(int fits) {
    String smaller =
        kvLimit > 0
            ? "Raise the limit of keys and values"
            : "End other programs or choose a smaller model";
    if (layout.type() != KvType.Q8_0) {
      smaller = "Keep keys and values as Q8_0, which takes less. " + smaller;
    }
    return fits >= KvLayout.PAGE_TOKENS
        ? "Choose a context of at most " + fits + " tokens. " + smaller + "."
        : smaller + ".";
  }
}
