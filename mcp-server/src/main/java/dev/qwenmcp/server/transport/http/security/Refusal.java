package dev.qwenmcp.server.transport.http.security;

import dev.qwenmcp.server.transport.RpcError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer to a request that goes no further: a status and a JSON-RPC error without an id.
 *
 * @param kind why, for counting
 * @param status of HTTP
 * @param message what was wrong, what was expected, what to do
 * @param headers beside the content's
 */
public record Refusal(Kind kind, int status, String message, Map<String, String> headers) {

  /** Why requests are refused. */
  public enum Kind {
    HOST,
    ORIGIN,
    NO_TOKEN,
    BAD_TOKEN,
    NOT_GRANTED,
    NO_VERDICT,
    TOO_MANY_REQUESTS,
    TOO_MANY_AT_ONCE,
    TOO_LARGE
  }

  Refusal(Kind kind, int status, String message) {
    this(kind, status, message, Map.of());
  }

  Refusal with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Refusal(kind, status, message, more);
  }

  void writeTo(HttpServletResponse response) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    body.putNull("id");
    body.putObject("error").put("code", RpcError.REFUSED).put("message", message);
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    headers.forEach(response::setHeader);
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
