package dev.qwenmcp.server.protocol.modern;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.transport.RequestId;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RequestHeadersTest {
  public record Inner(@Doc(value = "Deep.", optional = true, header = "Deep") Boolean deep) {}

  public record Arguments(
      @Doc(value = "Where.", optional = true, header = "Region") String region,
      @Doc(value = "How many.", optional = true, header = "Count") Long count,
      @Doc(value = "More.", optional = true) Inner inner) {}

  public record Result() {}

  private static final class Routed implements Tool<Arguments, Result> {
    @Override
    public ToolSpec<Arguments, Result> spec() {
      return new ToolSpec<>(
          "routed",
          "Routed",
          "Can be routed by headers.",
          Arguments.class,
          Result.class,
          new ToolSpec.Hints(true, false, true, false));
    }

    @Override
    public Result call(Arguments arguments, ToolContext context) {
      return new Result();
    }
  }

  private final RequestHeaders headers =
      new RequestHeaders(new ToolRegistry(List.of(new Routed())));

  private static RpcMessage.Request request(String method, String params) {
    ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(params);
    object.putObject("_meta").put(ModernProtocol.VERSION_KEY, ModernProtocol.VERSION);
    return new RpcMessage.Request(new RequestId(1L), method, object);
  }

  private static Map<String, String> headers(String... namesAndValues) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("MCP-Protocol-Version", "2026-07-28");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  private void assertTaken(RpcMessage.Request request, String... given) {
    assertThatCode(() -> headers.check(request, headers(given)::get)).doesNotThrowAnyException();
  }

  private void assertRefused(RpcMessage.Request request, String... given) {
    assertThatThrownBy(() -> headers.check(request, headers(given)::get))
        .isInstanceOf(RpcException.class)
        .hasMessageStartingWith("-32020");
  }

  @Test
  void methodAndRevisionSayWhatTheBodySays() {
    RpcMessage.Request list = request("tools/list", "{}");

    assertTaken(list, "mcp-method", "tools/list");
    assertRefused(list);
    assertRefused(list, "Mcp-Method", "prompts/list");
    assertRefused(list, "Mcp-Method", "TOOLS/LIST");
    assertRefused(list, "Mcp-Method", "tools/list", "MCP-Protocol-Version", "2025-11-25");
  }

  @Test
  void namesAreThoseOfTheBody() {
    RpcMessage.Request call = request("tools/call", "{\"name\": \"routed\"}");
    assertTaken(call, "Mcp-Method", "tools/call", "Mcp-Name", "routed");
    assertTaken(call, "Mcp-Method", "tools/call", "Mcp-Name", "=?base64?cm91dGVk?=");
    assertRefused(call, "Mcp-Method", "tools/call", "Mcp-Name", "other");
    assertRefused(call, "Mcp-Method", "tools/call");

    RpcMessage.Request read = request("resources/read", "{\"uri\": \"context://世\"}");
    assertTaken(
        read, "Mcp-Method", "resources/read", "Mcp-Name", "=?base64?Y29udGV4dDovL+S4lg==?=");
    RpcMessage.Request task = request("tasks/get", "{\"taskId\": \"job_1\"}");
    assertTaken(task, "Mcp-Method", "tasks/get", "Mcp-Name", "job_1");
    assertRefused(task, "Mcp-Method", "tasks/get", "Mcp-Name", "job_2");
  }

  private static final String[] CALL = {"Mcp-Method", "tools/call", "Mcp-Name", "routed"};

  private static String[] call(String... more) {
    String[] all = java.util.Arrays.copyOf(CALL, CALL.length + more.length);
    System.arraycopy(more, 0, all, CALL.length, more.length);
    return all;
  }

  private static RpcMessage.Request call(String arguments) {
    return request("tools/call", "{\"name\": \"routed\", \"arguments\": " + arguments + "}");
  }

  @Test
  void argumentsThatHeadersRepeatAgreeWithThem() {
    assertTaken(call("{\"region\": \"eu\"}"), call("Mcp-Param-Region", "eu"));
    assertRefused(call("{\"region\": \"eu\"}"), call("Mcp-Param-Region", "us"));
    assertRefused(call("{\"region\": \"eu\"}"), call());
    assertRefused(call("{\"region\": \"eu\"}"), call("Mcp-Param-Region", "=?base64?ZXU?="));
    assertTaken(call("{\"region\": \"eu\"}"), call("Mcp-Param-Region", "=?base64?ZXU=?="));

    assertTaken(call("{\"count\": 42}"), call("Mcp-Param-Count", "42.0"));
    assertRefused(call("{\"count\": 42}"), call("Mcp-Param-Count", "forty-two"));
    assertTaken(call("{\"inner\": {\"deep\": true}}"), call("Mcp-Param-Deep", "true"));
    assertRefused(call("{\"inner\": {\"deep\": true}}"), call());
  }

  @Test
  void whatIsNotGivenIsNotRepeated() {
    assertTaken(call("{}"), call());
    assertTaken(call("{\"region\": null}"), call());
    assertRefused(call("{}"), call("Mcp-Param-Region", "eu"));
  }

  @Test
  void whatTheBodyLacksIsLeftToOthers() {
    RpcMessage.Request bare =
        new RpcMessage.Request(
            new RequestId(1L), "server/discover", (ObjectNode) JsonMapper.shared().readTree("{}"));

    assertTaken(bare, "Mcp-Method", "server/discover");
    assertTaken(request("tools/call", "{}"), "Mcp-Method", "tools/call");
  }
}
