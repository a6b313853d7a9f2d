package dev.qwenmcp.engine;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.ModelIdentity;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kv.KvCache;
import dev.qwenmcp.engine.kv.KvOrigin;
import dev.qwenmcp.engine.kv.PageCost;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.PageStores;
import dev.qwenmcp.engine.kv.disk.DiskTier;
import dev.qwenmcp.engine.model.ModelConfig;
import java.io.IOException;

/** Builds the cache of keys and values of a model. */
final class CacheFactory {
  /** Multiply-adds a second that a prompt is assumed to run at; only ratios of costs matter. */
  private static final double COMPUTE = 2e11;

  /** Bytes a second that a disk is assumed to give. */
  private static final double DISK = 1e9;

  private CacheFactory() {}

  static KvCache open(GgufFile file, ModelConfig config, PagePool pool, CacheOptions options)
      throws IOException {
    PageStores stores =
        options.directory() == null
            ? PageStores.NONE
            : new DiskTier(options.directory(), pool.layout(), options.diskBytes());
    KvOrigin origin =
        new KvOrigin(
            stores == PageStores.NONE ? file.name() : ModelIdentity.of(file),
            config.toString(),
            pool.layout(),
            "",
            Kernels.ARITHMETIC_VERSION + " quantised");
    return new KvCache(pool, origin, cost(config, pool), stores);
  }

  private static PageCost cost(ModelConfig config, PagePool pool) {
    double heads = (double) config.heads() * config.headDim();
    double keys = (double) config.kvHeads() * config.headDim();
    double feedForward =
        switch (config.feedForward()) {
          case ModelConfig.Dense dense -> 3.0 * dense.width();
          case ModelConfig.Experts moe -> 3.0 * moe.used() * moe.width();
        };
    double weights = config.layers() * config.width() * (2 * heads + 2 * keys + feedForward);
    double attention = 2 * config.layers() * heads; // a dot product and a weighted sum
    return new PageCost(weights / COMPUTE, attention / COMPUTE, pool.layout().pageBytes() / DISK);
  }
}
