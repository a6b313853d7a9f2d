package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The headers of HTTP requests that say again what the body says, so that what stands before the
 * server can route by them: they have to agree, or somebody would be deceived.
 */
final class RequestHeaders {
  private static final String VERSION = "MCP-Protocol-Version";
  private static final String METHOD = "Mcp-Method";
  private static final String NAME = "Mcp-Name";
  private static final String PARAMETER = "Mcp-Param-";

  /** Keyword in a tool's schema: the rest of the name of the header that repeats a property. */
  static final String KEYWORD = "x-mcp-header";

  /** Which parameter a method's {@code Mcp-Name} repeats. */
  private static final Map<String, String> NAMED =
      Map.of(
          ModernProtocol.TOOLS_CALL,
          "name",
          ModernProtocol.PROMPTS_GET,
          "name",
          ModernProtocol.RESOURCES_READ,
          "uri",
          "tasks/get",
          "taskId",
          "tasks/update",
          "taskId",
          "tasks/cancel",
          "taskId");

  private final ToolRegistry tools;

  RequestHeaders(ToolRegistry tools) {
    this.tools = tools;
  }

  /**
   * Compares headers with a request. What the body itself lacks is not complained of here.
   *
   * @param headers gives a header by name, null where it is absent
   * @throws RpcException if a header is missing, malformed or says something else
   */
  void check(RpcMessage.Request request, UnaryOperator<String> headers) {
    JsonNode version = request.params().path("_meta").path(ModernProtocol.VERSION_KEY);
    if (version.isString()) {
      requireSame(VERSION, required(VERSION, headers), version.stringValue());
    }
    requireSame(METHOD, required(METHOD, headers), request.method());
    String named = NAMED.get(request.method());
    if (named != null && request.params().path(named).isString()) {
      String name = request.params().get(named).stringValue();
      requireSame(NAME, HeaderText.decode(NAME, required(NAME, headers)), name);
    }
    if (request.method().equals(ModernProtocol.TOOLS_CALL)
        && request.params().path("arguments") instanceof ObjectNode arguments) {
      tools
          .find(request.params().path("name").asString(""))
          .map(RegisteredTool::argumentSchema)
          .ifPresent(schema -> checkParameters(schema, arguments, headers));
    }
  }

  private static String required(String name, UnaryOperator<String> headers) {
    String value = headers.apply(name);
    if (value == null) {
      throw HeaderText.mismatch("the header %s is missing".formatted(name));
    }
    return value;
  }

  private static void requireSame(String name, String header, String body) {
    if (!header.equals(body)) {
      throw HeaderText.mismatch(
          "the header %s says '%s', the body '%s'".formatted(name, header, body));
    }
  }

  /** Properties that headers repeat stand in objects within objects, nowhere else. */
  private static void checkParameters(
      JsonNode schema, JsonNode values, UnaryOperator<String> headers) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode value = values.path(property.getKey());
      String repeated = property.getValue().path(KEYWORD).asString("");
      if (!repeated.isEmpty()) {
        checkParameter(PARAMETER + repeated, value, headers);
      }
      checkParameters(property.getValue(), value, headers);
    }
  }

  private static void checkParameter(String name, JsonNode value, UnaryOperator<String> headers) {
    if (value.isMissingNode() || value.isNull()) {
      if (headers.apply(name) != null) {
        throw HeaderText.mismatch("the header %s repeats nothing in the body".formatted(name));
      }
      return;
    }
    String header = HeaderText.decode(name, required(name, headers));
    if (value.isIntegralNumber() && isSameNumber(header, value)) {
      return;
    }
    requireSame(name, header, value.asString(""));
  }

  private static boolean isSameNumber(String header, JsonNode value) {
    try {
      return new BigDecimal(header).compareTo(new BigDecimal(value.bigIntegerValue())) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
