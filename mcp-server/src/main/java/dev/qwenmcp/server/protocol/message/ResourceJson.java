package dev.qwenmcp.server.protocol.message;

import dev.qwenmcp.server.protocol.ContentJson;
import dev.qwenmcp.server.protocol.Resources;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results of the methods that begin with {@code resources/}. */
public final class ResourceJson {
  private ResourceJson() {}

  /** Of {@code resources/list}. */
  public static ObjectNode page(Resources.Page page) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("resources");
    for (Resources.Listed resource : page.resources()) {
      ObjectNode item = list.addObject();
      item.put("uri", resource.uri()).put("name", resource.name());
      if (!resource.title().isEmpty()) {
        item.put("title", resource.title());
      }
      item.put("description", resource.description()).put("mimeType", resource.mimeType());
      if (!resource.lastModified().isEmpty()) {
        item.putObject("annotations").put("lastModified", resource.lastModified());
      }
    }
    if (!page.next().isEmpty()) {
      result.put("nextCursor", page.next());
    }
    return result;
  }

  /** Of {@code resources/templates/list}. */
  public static ObjectNode templates(List<Resources.Template> templates) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("resourceTemplates");
    for (Resources.Template template : templates) {
      list.addObject()
          .put("uriTemplate", template.uriTemplate())
          .put("name", template.name())
          .put("title", template.title())
          .put("description", template.description())
          .put("mimeType", template.mimeType());
    }
    return result;
  }

  /** Of {@code resources/read}. */
  public static ObjectNode contents(List<Resources.Content> read) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode contents = result.putArray("contents");
    for (Resources.Content content : read) {
      contents.add(ContentJson.write(content));
    }
    return result;
  }
}
