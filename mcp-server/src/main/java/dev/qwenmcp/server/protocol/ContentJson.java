package dev.qwenmcp.server.protocol;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@link Content} as MCP writes it, the same in every era. */
public final class ContentJson {
  private ContentJson() {}

  /** Writes a piece. */
  public static ObjectNode write(Content content) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (content) {
      case Content.Text text -> json.put("type", "text").put("text", text.text());
      case Content.Image image ->
          json.put("type", "image").put("data", image.data()).put("mimeType", image.mimeType());
      case Content.Audio audio ->
          json.put("type", "audio").put("data", audio.data()).put("mimeType", audio.mimeType());
      case Content.Embedded embedded ->
          json.put("type", "resource").set("resource", write(embedded.resource()));
      case Content.Link link -> {
        ResourceLink to = link.link();
        json.put("type", "resource_link").put("uri", to.uri()).put("name", to.name());
        json.put("description", to.description()).put("mimeType", to.mimeType());
      }
    }
    return json;
  }

  /** Writes the content of a resource. */
  public static ObjectNode write(Resources.Content resource) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("uri", resource.uri()).put("mimeType", resource.mimeType());
    return json.put(resource.binary() ? "blob" : "text", resource.text());
  }

  /**
   * Reads a piece that a client has sent; of a list, the first.
   *
   * @throws ToolException with the code {@code client_failed} if it is none
   */
  public static Content read(JsonNode json) throws ToolException {
    JsonNode piece = json.isArray() && !json.isEmpty() ? json.get(0) : json;
    String mimeType = piece.path("mimeType").asString("");
    return switch (piece.path("type").asString("")) {
      case "text" -> new Content.Text(piece.path("text").asString(""));
      case "image" -> new Content.Image(piece.path("data").asString(""), mimeType);
      case "audio" -> new Content.Audio(piece.path("data").asString(""), mimeType);
      default ->
          throw new ToolException(
              Question.CLIENT_FAILED, "the client answered with no text, image or audio");
    };
  }
}
