package dev.qwenmcp.server.protocol;

/** A piece of what people and models get to see: of a result, a prompt, or a conversation. */
public sealed interface Content {

  /** Words. */
  record Text(String text) implements Content {}

  /**
   * A picture.
   *
   * @param data of the file, in Base64
   * @param mimeType such as {@code image/png}
   */
  record Image(String data, String mimeType) implements Content {}

  /**
   * A sound.
   *
   * @param data of the file, in Base64
   * @param mimeType such as {@code audio/wav}
   */
  record Audio(String data, String mimeType) implements Content {}

  /** The content of a resource itself. */
  record Embedded(Resources.Content resource) implements Content {}

  /** Where a resource is read. */
  record Link(ResourceLink link) implements Content {}
}
