package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.MalformedMessageException;
import dev.qwenmcp.server.transport.RpcCodec;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Reads the JSON-RPC message of a POST, up to a length. */
final class MessageBody {
  private final int maxBytes;
  private final RpcCodec codec;

  MessageBody(int maxBytes, RpcCodec codec) {
    this.maxBytes = maxBytes;
    this.codec = codec;
  }

  /**
   * Reads it.
   *
   * @return an object or an array
   * @throws HttpRefusal if it is no JSON, or too long
   * @throws IOException if the client stops sending in the middle
   */
  JsonNode read(HttpServletRequest request) throws HttpRefusal, IOException {
    requireJson(request);
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLong();
    }
    byte[] body = request.getInputStream().readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw tooLong();
    }
    try {
      return codec.parse(body);
    } catch (MalformedMessageException e) {
      throw new HttpRefusal(HttpServletResponse.SC_BAD_REQUEST, e.id(), e.error());
    }
  }

  /** Also keeps web pages out, which can send other types anywhere without being asked. */
  private static void requireJson(HttpServletRequest request) throws HttpRefusal {
    String type = request.getContentType();
    String plain = type == null ? "" : type.toLowerCase(Locale.ROOT).replace(" ", "");
    boolean json =
        plain.equals(JsonAnswer.TYPE)
            || plain.equals(JsonAnswer.TYPE + ";charset=utf-8")
            || plain.equals(JsonAnswer.TYPE + ";charset=\"utf-8\"");
    if (!json || request.getHeader("Content-Encoding") != null) {
      throw new HttpRefusal(
          HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE,
          "expected a body of Content-Type application/json in UTF-8 without Content-Encoding,"
              + " found "
              + (type == null ? "none" : type));
    }
  }

  private HttpRefusal tooLong() {
    return new HttpRefusal(
        HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
        "the message has more than the %d bytes that this server reads; send less at once"
            .formatted(maxBytes));
  }
}
