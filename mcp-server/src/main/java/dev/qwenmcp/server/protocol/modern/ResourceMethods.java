package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.message.ResourceJson;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The methods that begin with {@code resources/}; they may wait for a disk. */
final class ResourceMethods {
  private final Resources resources;

  ResourceMethods(Resources resources) {
    this.resources = resources;
  }

  ObjectNode list(ModernRequest request) {
    try {
      return CacheHint.PRIVATE.on(
          ResourceJson.page(resources.list(request.principal(), request.string("cursor", ""))));
    } catch (ToolException e) {
      throw ModernError.invalid(e.code() + ": " + e.getMessage());
    }
  }

  ObjectNode templates() {
    return CacheHint.FIXED.on(ResourceJson.templates(resources.templates()));
  }

  ObjectNode read(ModernRequest request) {
    String uri = request.string("uri");
    try {
      return CacheHint.PRIVATE.on(ResourceJson.contents(resources.read(request.principal(), uri)));
    } catch (ToolException e) {
      ObjectNode data = JsonNodeFactory.instance.objectNode().put("uri", uri);
      throw new RpcException(
          new RpcError(RpcError.INVALID_PARAMS, e.code() + ": " + e.getMessage(), data));
    }
  }
}
