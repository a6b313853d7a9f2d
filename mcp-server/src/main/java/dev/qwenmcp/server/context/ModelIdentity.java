package dev.qwenmcp.server.context;

/**
 * The model that wrote an entry.
 *
 * @param name what callers call it, empty if there was no model
 * @param fingerprint tells its file from others of that name, empty if unknown; token ids mean
 *     nothing to a model with another one
 */
public record ModelIdentity(String name, String fingerprint) {
  /** No model. */
  public static final ModelIdentity NONE = new ModelIdentity("", "");

  public boolean isNone() {
    return name.isEmpty();
  }
}
