package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The errors of MCP 2026-07-28. */
public final class ModernError {
  /** HTTP headers are missing, malformed, or say other than the body. */
  public static final int HEADER_MISMATCH = -32020;

  /** The request needs a capability that the client has not declared. */
  public static final int MISSING_CAPABILITY = -32021;

  /** The request names a revision that this server does not speak. */
  public static final int UNSUPPORTED_VERSION = -32022;

  private ModernError() {}

  static RpcException invalid(String message) {
    return new RpcException(RpcError.INVALID_PARAMS, message);
  }

  static RpcException unsupportedVersion(String requested) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    ArrayNode supported = data.putArray("supported");
    ModernProtocol.VERSIONS.forEach(supported::add);
    data.put("requested", requested);
    return new RpcException(
        new RpcError(
            UNSUPPORTED_VERSION,
            "unsupported protocol version; this server speaks %s by request, and earlier revisions after initialize"
                .formatted(String.join(", ", ModernProtocol.VERSIONS)),
            data));
  }

  /**
   * @param capability such as {@code elicitation}
   */
  static RpcException missingCapability(String capability) {
    ObjectNode required = JsonNodeFactory.instance.objectNode();
    required.putObject(capability);
    return missing(capability, required);
  }

  /**
   * @param extension such as {@code io.modelcontextprotocol/tasks}
   */
  static RpcException missingExtension(String extension) {
    ObjectNode required = JsonNodeFactory.instance.objectNode();
    required.putObject("extensions").putObject(extension);
    return missing("extension " + extension, required);
  }

  private static RpcException missing(String what, ObjectNode required) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.set("requiredCapabilities", required);
    return new RpcException(
        new RpcError(
            MISSING_CAPABILITY,
            "missing required client capability: the request needs " + what,
            data));
  }
}
