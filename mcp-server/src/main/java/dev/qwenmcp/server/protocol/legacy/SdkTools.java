package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.CallClient;
import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.ResourceLink;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.TooManyCallsException;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.protocol.call.TraceFields;
import dev.qwenmcp.server.protocol.message.ProgressJson;
import dev.qwenmcp.server.protocol.message.ToolJson;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tools in the SDK's form. */
final class SdkTools {
  /** Key in the SDK's transport context: the {@link RpcMessage.Request} that is answered. */
  static final String REQUEST = "request";

  /** Key in the SDK's transport context: the {@link RpcPeer} that asked. */
  static final String PEER = "peer";

  /** Key in the SDK's transport context: the {@link CallClient} of the request. */
  static final String CLIENT = "client";

  private static final Map<String, Object> ANY_OBJECT = Map.of("type", "object");

  private final ToolRegistry registry;
  private final ToolRunner runner;

  SdkTools(ToolRegistry registry, ToolRunner runner) {
    this.registry = registry;
    this.runner = runner;
  }

  List<AsyncToolSpecification> specifications() {
    return registry.tools().stream().map(this::specification).toList();
  }

  /**
   * Checks the parameters of a call before the SDK sees them, for clearer words.
   *
   * @throws RpcException if they are malformed or name no tool
   */
  void requireKnown(ObjectNode params) {
    JsonNode name = params.get("name");
    if (name == null || !name.isString()) {
      throw invalid("expected a name that is a string");
    }
    if (registry.find(name.stringValue()).isEmpty()) {
      throw invalid("no tool has this name; the tools are " + String.join(", ", registry.names()));
    }
    JsonNode arguments = params.get("arguments");
    if (arguments != null && !arguments.isObject() && !arguments.isNull()) {
      throw invalid("expected arguments that are an object");
    }
    JsonNode meta = params.get("_meta");
    if (meta != null && !meta.isObject()) {
      throw invalid("expected a _meta that is an object");
    }
  }

  private static RpcException invalid(String message) {
    return new RpcException(RpcError.INVALID_PARAMS, message);
  }

  /** Of {@code tools/list}; the SDK's own would need all schemas before the first answer. */
  ObjectNode list() {
    return ToolJson.list(registry.tools());
  }

  /** By its name alone: what clients see of it is in {@link #list}. */
  private AsyncToolSpecification specification(RegisteredTool<?, ?> tool) {
    return AsyncToolSpecification.builder()
        .tool(McpSchema.Tool.builder(tool.spec().name(), ANY_OBJECT).build())
        .callHandler((exchange, _) -> run(tool, exchange.transportContext()))
        .build();
  }

  private Mono<McpSchema.CallToolResult> run(
      RegisteredTool<?, ?> tool, McpTransportContext context) {
    RpcMessage.Request request = (RpcMessage.Request) context.get(REQUEST);
    RpcPeer peer = (RpcPeer) context.get(PEER);
    JsonNode arguments = request.params().get("arguments");
    JsonNode meta = request.params().path("_meta");
    CallRequest runnable =
        new CallRequest(
            request.id().toString(),
            peer.principal(),
            arguments instanceof ObjectNode given ? given : JsonNodeFactory.instance.objectNode(),
            ProgressJson.sink(
                meta.get("progressToken"), params -> peer.notify(ProgressJson.METHOD, params)),
            TraceFields.of(meta, peer.trace()),
            (CallClient) context.get(CLIENT));
    return runner
        .run(tool, runnable)
        .map(SdkTools::result)
        .onErrorResume(
            MissingCapabilityException.class,
            e -> Mono.just(result(new ToolOutcome.Failure("missing_capability", e.getMessage()))))
        .onErrorMap(TooManyCallsException.class, SdkTools::busy);
  }

  private static McpError busy(TooManyCallsException e) {
    return McpError.builder(RpcError.BUSY).message(e.getMessage()).build();
  }

  private static McpSchema.CallToolResult result(ToolOutcome outcome) {
    return switch (outcome) {
      case ToolOutcome.Success success ->
          McpSchema.CallToolResult.builder(content(success))
              .structuredContent(success.structured())
              .isError(false)
              .build();
      case ToolOutcome.Failure failure ->
          McpSchema.CallToolResult.builder(content(failure.code() + ": " + failure.message()))
              .isError(true)
              .meta(Map.of(ToolJson.ERROR_CODE, failure.code()))
              .build();
    };
  }

  /** The result as text, then links, then each remark as a text of its own. */
  private static List<McpSchema.Content> content(ToolOutcome.Success success) {
    List<McpSchema.Content> all = new ArrayList<>(content(success.text()));
    success.contents().forEach(content -> all.add(content(content)));
    success.links().forEach(link -> all.add(link(link)));
    success.remarks().forEach(remark -> all.addAll(content("Note: " + remark)));
    return all;
  }

  private static McpSchema.Content content(Content content) {
    return switch (content) {
      case Content.Text text -> McpSchema.TextContent.builder(text.text()).build();
      case Content.Image image ->
          McpSchema.ImageContent.builder(image.data(), image.mimeType()).build();
      case Content.Audio audio ->
          McpSchema.AudioContent.builder(audio.data(), audio.mimeType()).build();
      case Content.Embedded embedded ->
          McpSchema.EmbeddedResource.builder(resource(embedded.resource())).build();
      case Content.Link link -> link(link.link());
    };
  }

  private static McpSchema.ResourceContents resource(Resources.Content resource) {
    return resource.binary()
        ? McpSchema.BlobResourceContents.builder(resource.uri(), resource.text())
            .mimeType(resource.mimeType())
            .build()
        : McpSchema.TextResourceContents.builder(resource.uri(), resource.text())
            .mimeType(resource.mimeType())
            .build();
  }

  private static McpSchema.ResourceLink link(ResourceLink link) {
    return McpSchema.ResourceLink.builder()
        .uri(link.uri())
        .name(link.name())
        .description(link.description())
        .mimeType(link.mimeType())
        .build();
  }

  private static List<McpSchema.Content> content(String text) {
    return List.of(McpSchema.TextContent.builder(text).build());
  }
}
