package dev.qwenmcp.server.protocol.message;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.ContentJson;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results of the methods that begin with {@code tools/}. */
public final class ToolJson {
  /** Where a failed result names its kind; a result's structured content must fit the schema. */
  public static final String ERROR_CODE = "dev.qwenmcp/error_code";

  private ToolJson() {}

  /** Of {@code tools/list}, in the order given. */
  public static ObjectNode list(List<RegisteredTool<?, ?>> tools) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("tools");
    for (RegisteredTool<?, ?> tool : tools) {
      ToolSpec<?, ?> spec = tool.spec();
      ObjectNode item = list.addObject();
      item.put("name", spec.name())
          .put("title", spec.title())
          .put("description", spec.description());
      item.set("inputSchema", tool.argumentSchema());
      item.set("outputSchema", tool.resultSchema());
      item.putObject("annotations")
          .put("title", spec.title())
          .put("readOnlyHint", spec.hints().readOnly())
          .put("destructiveHint", spec.hints().destructive())
          .put("idempotentHint", spec.hints().idempotent())
          .put("openWorldHint", spec.hints().openWorld());
    }
    return result;
  }

  /** Of {@code tools/call}: the result as text, then links, then each remark as a text. */
  public static ObjectNode result(ToolOutcome outcome) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode content = result.putArray("content");
    switch (outcome) {
      case ToolOutcome.Success success -> {
        text(content, success.text());
        success.contents().forEach(piece -> content.add(ContentJson.write(piece)));
        success.links().forEach(link -> content.add(ContentJson.write(new Content.Link(link))));
        success.remarks().forEach(remark -> text(content, "Note: " + remark));
        result.set("structuredContent", success.structured());
        result.put("isError", false);
      }
      case ToolOutcome.Failure failure -> {
        text(content, failure.code() + ": " + failure.message());
        result.put("isError", true);
        result.putObject("_meta").put(ERROR_CODE, failure.code());
      }
    }
    return result;
  }

  private static void text(ArrayNode content, String text) {
    content.add(ContentJson.write(new Content.Text(text)));
  }
}
