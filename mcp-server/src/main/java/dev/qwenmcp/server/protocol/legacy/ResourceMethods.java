package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.ContentJson;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The methods of MCP that begin with {@code resources/}.
 *
 * <p>Answered here and not by the SDK, whose resources are a fixed set that is registered
 * beforehand.
 */
final class ResourceMethods implements AutoCloseable {
  private static final String LIST = "resources/list";
  private static final String TEMPLATES = "resources/templates/list";
  private static final String READ = "resources/read";
  private static final String SUBSCRIBE = "resources/subscribe";
  private static final String UNSUBSCRIBE = "resources/unsubscribe";

  static final Set<String> ALL = Set.of(LIST, TEMPLATES, READ, SUBSCRIBE, UNSUBSCRIBE);

  /** Code of MCP for a resource that does not exist. */
  private static final int RESOURCE_NOT_FOUND = -32002;

  private final Resources resources;
  private final Scheduler threads;
  private final Subscriptions subscriptions;

  /**
   * @param threads where resources are read, which may wait for a disk
   */
  ResourceMethods(Resources resources, Scheduler threads) {
    this.resources = resources;
    this.threads = threads;
    this.subscriptions = new Subscriptions(resources, threads);
  }

  Mono<JsonNode> answer(RpcMessage.Request request, RpcPeer peer) {
    return Mono.<JsonNode>fromCallable(() -> result(request, peer)).subscribeOn(threads);
  }

  private ObjectNode result(RpcMessage.Request request, RpcPeer peer) throws RpcException {
    String principal = peer.principal();
    try {
      return switch (request.method()) {
        case LIST -> list(resources.list(principal, string(request, "cursor", "")));
        case TEMPLATES -> templates();
        case READ -> read(principal, uri(request));
        case SUBSCRIBE -> {
          subscriptions.add(uri(request), peer);
          yield object();
        }
        case UNSUBSCRIBE -> {
          subscriptions.remove(uri(request));
          yield object();
        }
        default -> throw new IllegalStateException(request.method());
      };
    } catch (ToolException e) {
      int code =
          e.code().equals(Resources.NOT_FOUND) ? RESOURCE_NOT_FOUND : RpcError.INVALID_PARAMS;
      throw new RpcException(code, e.code() + ": " + e.getMessage());
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static String uri(RpcMessage.Request request) throws RpcException {
    String uri = string(request, "uri", null);
    if (uri == null) {
      throw new RpcException(RpcError.INVALID_PARAMS, "expected a uri that is a string");
    }
    return uri;
  }

  private static String string(RpcMessage.Request request, String name, String otherwise)
      throws RpcException {
    JsonNode value = request.params().get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw new RpcException(RpcError.INVALID_PARAMS, "expected a " + name + " that is a string");
    }
    return value.stringValue();
  }

  private static ObjectNode list(Resources.Page page) {
    ObjectNode result = object();
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

  private ObjectNode templates() {
    ObjectNode result = object();
    ArrayNode list = result.putArray("resourceTemplates");
    for (Resources.Template template : resources.templates()) {
      list.addObject()
          .put("uriTemplate", template.uriTemplate())
          .put("name", template.name())
          .put("title", template.title())
          .put("description", template.description())
          .put("mimeType", template.mimeType());
    }
    return result;
  }

  private ObjectNode read(String principal, String uri) throws ToolException {
    ObjectNode result = object();
    ArrayNode contents = result.putArray("contents");
    for (Resources.Content content : resources.read(principal, uri)) {
      contents.add(ContentJson.write(content));
    }
    return result;
  }

  @Override
  public void close() {
    subscriptions.close();
  }
}
