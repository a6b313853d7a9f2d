package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.ServerCard;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * What the SDK takes for its transport: it hands each answer to the request that is waiting for it,
 * and so serves all sessions.
 */
final class SessionTransport implements McpServerTransportProvider, McpServerTransport {
  /** Key in Reactor's context: the {@code Sinks.One<JsonNode>} that takes the answer. */
  static final String ANSWER = SessionTransport.class.getName() + ".answer";

  private static final Logger LOG = LoggerFactory.getLogger(SessionTransport.class);
  static final List<String> VERSIONS =
      List.of(
          ProtocolVersions.MCP_2024_11_05,
          ProtocolVersions.MCP_2025_03_26,
          ProtocolVersions.MCP_2025_06_18,
          ProtocolVersions.MCP_2025_11_25);

  private final McpJsonMapper json = new SdkJson();
  private McpServerSession.Factory sessions;

  /** Builds the SDK's server around a transport. */
  static SessionTransport of(ServerCard card, SdkTools tools) {
    SessionTransport transport = new SessionTransport();
    transport.serve(card, tools);
    return transport;
  }

  /** A session of the SDK that remembers one client. */
  McpServerSession open() {
    return sessions.create(this);
  }

  private void serve(ServerCard card, SdkTools tools) {
    McpServer.async(this)
        .jsonMapper(json)
        .jsonSchemaValidator(new DerivedSchemas())
        .validateToolInputs(false)
        .serverInfo(
            McpSchema.Implementation.builder(card.name(), card.version())
                .title(card.title())
                .build())
        .instructions(card.instructions())
        .capabilities(
            McpSchema.ServerCapabilities.builder()
                .tools(false)
                .resources(true, false) // subscriptions, but no notices of new ones
                .prompts(false)
                .completions()
                .build())
        .tools(tools.specifications())
        .build();
  }

  @Override
  public void setSessionFactory(McpServerSession.Factory factory) {
    sessions = factory;
  }

  @Override
  public List<String> protocolVersions() {
    return VERSIONS;
  }

  @Override
  public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
    if (!(message instanceof McpSchema.JSONRPCResponse response)) {
      return Mono.error(new IllegalStateException("this server only answers, it sent " + message));
    }
    return Mono.deferContextual(context -> {
      Sinks.One<JsonNode> answer = context.get(ANSWER);
      if (response.error() == null) {
        answer.tryEmitValue(SdkJson.tree(response.result()));
      } else {
        answer.tryEmitError(failure(response.error()));
      }
      return Mono.empty();
    });
  }

  private static RuntimeException failure(McpSchema.JSONRPCResponse.JSONRPCError error) {
    if (error.code() == RpcError.INTERNAL_ERROR) {
      // Its text comes from an exception, and so belongs to the log.
      return new IllegalStateException(error.message());
    }
    return new RpcException(error.code(), error.message());
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return json.convertValue(data, type);
  }

  @Override
  public Mono<Void> notifyClients(String method, Object params) {
    LOG.debug("The SDK wanted to announce {}", method);
    return Mono.empty();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  @Override
  public void close() {
    // The connection is closed by whoever opened it.
  }

  /**
   * Believes the schemas that this program derived, and the results that it has checked against
   * them; so the SDK need not load its validator before it can answer {@code initialize}.
   */
  private static final class DerivedSchemas implements JsonSchemaValidator {
    @Override
    public void assertConforms(String name, Map<String, Object> schema) {
      // Derived by RecordSchema, whose tests check them against the meta-schema.
    }

    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
      return ValidationResponse.asValid(null);
    }
  }
}
