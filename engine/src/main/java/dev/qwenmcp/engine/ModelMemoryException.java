package dev.qwenmcp.engine;

import java.io.IOException;
import java.util.Locale;

/** A model and the wanted context do not fit into memory; raised before anything is computed. */
public final class ModelMemoryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long neededBytes;
  private final long availableBytes;

  ModelMemoryException(String model, MemoryPlan plan, int context, String remedy) {
    super(
        model
            + " with a context of "
            + context
            + " tokens needs "
            + gib(plan.needed(context))
            + ": "
            + gib(plan.modelBytes())
            + " of weights, "
            + gib(plan.kvBytes(context))
            + " of keys and values as "
            + plan.layout().type()
            + ", "
            + gib(plan.scratchBytes() + plan.reserve())
            + " for working memory and the Java heap. The machine has "
            + gib(plan.machine().total())
            + ", of which "
            + gib(plan.machine().available())
            + " are available"
            + (plan.kvLimit() > 0
                ? ", and keys and values are limited to " + gib(plan.kvLimit())
                : "")
            + ". "
            + remedy);
    this.neededBytes = plan.needed(context);
    this.availableBytes = plan.machine().available();
  }

  /** What model and context take. */
  public long neededBytes() {
    return neededBytes;
  }

  /** What the machine or container had left. */
  public long availableBytes() {
    return availableBytes;
  }

  private static String gib(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%d MiB", bytes >> 20)
        : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / (1L << 30));
  }
}
