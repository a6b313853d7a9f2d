package dev.qwenmcp.server.model;

/** A model that does not fit into the memory for models, at all or beside those that work. */
public final class ModelMemoryException extends ModelException {
  private static final long serialVersionUID = 1L;

  private final long neededBytes;
  private final long budgetBytes;

  ModelMemoryException(String message, long neededBytes, long budgetBytes) {
    super(message);
    this.neededBytes = neededBytes;
    this.budgetBytes = budgetBytes;
  }

  /** What the model takes at least. */
  public long neededBytes() {
    return neededBytes;
  }

  /** Whether there is room enough once other models are idle. */
  public boolean passes() {
    return neededBytes <= budgetBytes;
  }

  /** What there is for all models. */
  public long budgetBytes() {
    return budgetBytes;
  }
}
