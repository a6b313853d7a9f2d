package dev.qwenmcp.server.protocol.schema;

/**
 * One way in which JSON differs from its schema.
 *
 * @param path where: {@code options.labels[2]}, empty for the whole
 * @param expected what the schema wants there
 * @param found what is there
 */
public record Violation(String path, String expected, String found) {

  /** For people and models. */
  @Override
  public String toString() {
    return (path.isEmpty() ? "" : path + ": ") + "expected " + expected + ", found " + found;
  }
}
