package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.CompletionJson;
import dev.qwenmcp.server.protocol.ListPages;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.QuestionJson;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import dev.qwenmcp.server.transport.RpcSession;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One client's session, from {@code initialize} to the end of its connection.
 *
 * <p>The SDK's session never answers requests that precede {@code initialize}, so these are
 * answered here; and what it answers, it sends to its transport, so each request carries the place
 * for its answer in Reactor's context, where {@link SessionTransport} finds it.
 */
public final class LegacySession implements RpcSession {
  private static final Logger LOG = LoggerFactory.getLogger(LegacySession.class);
  private static final Set<String> NEED_SESSION =
      Set.of(
          McpSchema.METHOD_TOOLS_LIST,
          McpSchema.METHOD_TOOLS_CALL,
          McpSchema.METHOD_LOGGING_SET_LEVEL);

  private static final String TEMPLATES = "resourceTemplates";

  /** Methods that answer with a list, and its name. */
  private static final Map<String, String> LISTS =
      Map.of(
          McpSchema.METHOD_TOOLS_LIST,
          "tools",
          McpSchema.METHOD_PROMPT_LIST,
          "prompts",
          McpSchema.METHOD_RESOURCES_TEMPLATES_LIST,
          TEMPLATES);

  private final SdkTools tools;
  private final McpServerSession session;
  private final ResourceMethods resources;
  private final PromptMethods prompts;
  private final CompletionMethod completions;

  private final ClientWishes wishes = new ClientWishes();

  /** The revision agreed on, null before {@code initialize}. */
  private volatile String version;

  LegacySession(
      McpServerSession session,
      SdkTools tools,
      ResourceMethods resources,
      PromptMethods prompts,
      CompletionMethod completions) {
    this.completions = completions;
    this.session = session;
    this.tools = tools;
    this.resources = resources;
    this.prompts = prompts;
  }

  @Override
  public Mono<JsonNode> answer(RpcMessage.Request request, RpcPeer peer) {
    String method = request.method();
    if (method.equals(McpSchema.METHOD_PING)) {
      return Mono.just(JsonNodeFactory.instance.objectNode());
    }
    if (method.equals(McpSchema.METHOD_INITIALIZE)) {
      return version == null ? initialize(request, peer) : refuse("the session is initialized");
    }
    if (version == null) {
      return NEED_SESSION.contains(method)
              || ResourceMethods.ALL.contains(method)
              || PromptMethods.ALL.contains(method)
              || method.equals(CompletionJson.METHOD)
          ? refuse(method + " needs a session; send initialize first")
          : Mono.error(notFound(method));
    }
    if (method.equals(McpSchema.METHOD_TOOLS_CALL)) {
      return Mono.defer(() -> {
        tools.requireKnown(request.params());
        return viaSdk(request, peer);
      });
    }
    if (method.equals(McpSchema.METHOD_LOGGING_SET_LEVEL)) {
      return Mono.fromCallable(() -> setLevel(request.params()));
    }
    if (method.equals(CompletionJson.METHOD)) {
      return completions.answer(request, peer);
    }
    return LISTS.containsKey(method) ? part(request, peer) : whole(request, peer);
  }

  private Mono<JsonNode> whole(RpcMessage.Request request, RpcPeer peer) {
    if (request.method().equals(McpSchema.METHOD_TOOLS_LIST)) {
      return Mono.fromCallable(tools::list);
    }
    if (PromptMethods.ALL.contains(request.method())) {
      return prompts.answer(request);
    }
    return ResourceMethods.ALL.contains(request.method())
        ? resources.answer(request, peer)
        : viaSdk(request, peer);
  }

  /** Lists that come whole are given in parts. */
  private Mono<JsonNode> part(RpcMessage.Request request, RpcPeer peer) {
    String list = LISTS.get(request.method());
    String key = list.equals(TEMPLATES) ? "uriTemplate" : "name";
    return whole(request, peer)
        .map(result -> {
          try {
            return ListPages.part((ObjectNode) result, list, key, request.params().get("cursor"));
          } catch (ToolException e) {
            throw new RpcException(RpcError.INVALID_PARAMS, e.getMessage());
          }
        });
  }

  /** Ends what the client has subscribed to. */
  @Override
  public void close() {
    resources.close();
  }

  private static Mono<JsonNode> refuse(String message) {
    return Mono.error(new RpcException(RpcError.INVALID_REQUEST, message));
  }

  private static RpcException notFound(String method) {
    return new RpcException(
        RpcError.METHOD_NOT_FOUND,
        "no method %s; this server speaks MCP %s to %s, which begin with initialize"
            .formatted(method, ProtocolVersions.MCP_2024_11_05, ProtocolVersions.MCP_2025_11_25));
  }

  private Mono<JsonNode> initialize(RpcMessage.Request request, RpcPeer peer) {
    return viaSdk(request, peer)
        .doOnNext(result -> {
          version = result.path("protocolVersion").asString("");
          wishes.declare(QuestionJson.capabilities(request.params().get("capabilities")));
          // Until it hears this the SDK keeps requests waiting; some clients do not send it.
          tell(McpSchema.METHOD_NOTIFICATION_INITIALIZED);
        });
  }

  private JsonNode setLevel(ObjectNode params) {
    LogLevel level =
        LogLevel.of(params.path("level").asString(""))
            .orElseThrow(() ->
                new RpcException(
                    RpcError.INVALID_PARAMS,
                    "expected a level from debug to emergency, as in RFC 5424"));
    wishes.listen(level);
    return JsonNodeFactory.instance.objectNode();
  }

  private void tell(String method) {
    session
        .handle(new McpSchema.JSONRPCNotification(method))
        .subscribe(done -> {}, failure -> LOG.warn("{} failed", method, failure));
  }

  private Mono<JsonNode> viaSdk(RpcMessage.Request request, RpcPeer peer) {
    return Mono.defer(() -> {
      Sinks.One<JsonNode> answer = Sinks.one();
      McpSchema.JSONRPCRequest message =
          new McpSchema.JSONRPCRequest(
              request.method(), request.id().value(), SdkJson.plain(request.params()));
      Context context =
          Context.of(
              SessionTransport.ANSWER,
              answer,
              McpTransportContext.KEY,
              McpTransportContext.create(
                  Map.of(
                      SdkTools.REQUEST,
                      request,
                      SdkTools.PEER,
                      peer,
                      SdkTools.CLIENT,
                      new SessionClient(peer, wishes))));
      return session.handle(message).contextWrite(context).then(answer.asMono());
    });
  }

  @Override
  public void hear(RpcMessage.Notification notification) {
    // The SDK would ask the client for its roots when they change; nothing here uses them.
    LOG.debug("Heard {}", notification.method());
  }

  @Override
  public boolean acceptsBatches() {
    return ProtocolVersions.MCP_2025_03_26.equals(version);
  }
}
