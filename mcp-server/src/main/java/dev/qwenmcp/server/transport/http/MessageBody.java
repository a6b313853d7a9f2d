package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.MalformedMessageException;
import dev.qwenmcp.server.transport.RpcCodec;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Reads the JSON-RPC message of a POST, up to a length. */
final class MessageBody {
  private static final int RETRY_SECONDS = 1;
  private static final int DISCARDED_AT_ONCE = 8 << 10;

  private final int maxBytes;
  private final RpcCodec codec;

  MessageBody(int maxBytes, RpcCodec codec) {
    this.maxBytes = maxBytes;
    this.codec = codec;
  }

  /**
   * Reads it.
   *
   * @param share of the memory for requests
   * @return an object or an array
   * @throws HttpRefusal if it is no JSON, or too long, or there is no room for it
   * @throws IOException if the client stops sending in the middle
   */
  JsonNode read(HttpServletRequest request, BodyBudget.Share share)
      throws HttpRefusal, IOException {
    requireJson(request);
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLong();
    }
    try {
      byte[] body = share.counting(request.getInputStream()).readNBytes(maxBytes + 1);
      if (body.length > maxBytes) {
        throw tooLong();
      }
      return codec.parse(body);
    } catch (BodyBudget.FullException e) {
      share.close();
      discard(request.getInputStream());
      throw HttpRefusal.busy(
          null,
          "the requests that the server is working on take all the memory that it has for them;"
              + " send this one again in a moment",
          RETRY_SECONDS);
    } catch (MalformedMessageException e) {
      throw new HttpRefusal(HttpServletResponse.SC_BAD_REQUEST, e.id(), e.error());
    }
  }

  /** Reads what is left, so that the client, which is still sending, reads the answer. */
  private void discard(InputStream rest) throws IOException {
    byte[] some = new byte[DISCARDED_AT_ONCE];
    int left = maxBytes;
    int read = rest.read(some);
    while (read >= 0 && left > 0) {
      left -= read;
      read = rest.read(some);
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
